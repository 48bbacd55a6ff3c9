#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""hung_fs.py - a file system in user space that never finds anything.

    hung_fs.py MOUNTPOINT UID

Mounts itself for everybody, as UID's, and says what it must to be mounted; who
looks for a file in it waits until it is killed.
"""
import ctypes
import os
import struct
import sys

PATH, UID = sys.argv[1], int(sys.argv[2])
GETATTR, INIT = 3, 26
HEAD = struct.Struct('=IIQQIIII')

libc = ctypes.CDLL(None, use_errno=True)
fd = os.open('/dev/fuse', os.O_RDWR)
options = f'fd={fd},rootmode=40000,user_id={UID},group_id={UID},allow_other'
if libc.mount(b'hung', PATH.encode(), b'fuse', 0, options.encode()) != 0:
    sys.exit(os.strerror(ctypes.get_errno()))
while True:
    packet = os.read(fd, 1 << 18)
    _, opcode, unique, *_ = HEAD.unpack(packet[:HEAD.size])
    if opcode == INIT:
        body = struct.pack('=IIIIHHI40x', 7, 31, 0, 0, 8, 8, 4096)
    elif opcode == GETATTR:
        body = struct.pack('=QII6Q10I', 3600, 0, 0, 1, 0, 0, 0, 0, 0,
                           0, 0, 0, 0o40755, 2, UID, UID, 0, 512, 0)
    else:
        continue
    os.write(fd, struct.pack('=IiQ', 16 + len(body), 0, unique) + body)
