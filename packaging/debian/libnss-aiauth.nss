# SPDX-License-Identifier: BSD-2-Clause
passwd after=files aiauth
group after=files aiauth
