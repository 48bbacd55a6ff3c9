# SPDX-License-Identifier: BSD-2-Clause
noinst_LIBRARIES += libfacts.a
libfacts_a_SOURCES = aiauthd/facts/facts.c aiauthd/facts/facts.h
