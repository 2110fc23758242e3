# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced: the names that the tests connect to, once, into /etc/hosts.

if ! grep -q 'two\.wild\.test' /etc/hosts; then
	cat >> /etc/hosts <<-'END'
		127.0.0.1	server.test four.wild.test both.wild.test other.test
		::1	server.test six.wild.test both.wild.test
		127.0.0.2	two.wild.test
		127.0.0.3	two.wild.test
	END
fi
