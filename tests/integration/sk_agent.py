#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""sk_agent.py - ssh agents that a person might run to become root.

    sk_agent.py LISTEN MODE [REAL-AGENT [FILE]]

Listens at LISTEN until it is killed.  What it is not said to do otherwise goes
to the real agent and back.

    pass    keeps what was signed last in FILE
    replay  signs with what is in FILE, whatever is to be signed
    other   has the real agent sign something else
    swap, twin  has the real agent sign with the public key in FILE (a blob)
    refuse  signs nothing
    hang    never answers
    close   hangs up at the first question
    garbage 64 KiB of zero bytes
    longer  says that its answer has 64 KiB and one byte
    drip    an answer of 60,000 bytes, one a second
"""
import os
import socket
import struct
import sys
import time

LISTEN, MODE, REAL, FILE = (sys.argv[1:] + ['', ''])[:4]
SIGN_REQUEST, SIGN_RESPONSE = 13, 14


def string(b):
    return struct.pack('>I', len(b)) + b


def take(b):
    n = struct.unpack('>I', b[:4])[0]
    return b[4:4 + n], b[4 + n:]


def recv(c):
    head = c.recv(4, socket.MSG_WAITALL)
    if len(head) < 4:
        return None
    return c.recv(struct.unpack('>I', head)[0], socket.MSG_WAITALL)


def real(question):
    with socket.socket(socket.AF_UNIX) as c:
        c.connect(REAL)
        c.sendall(string(question))
        return recv(c)


def sign(question):
    key, rest = take(question[1:])
    data, flags = take(rest)
    if MODE == 'refuse':
        return b'\x05'
    if MODE == 'replay':
        return open(FILE, 'rb').read()
    if MODE == 'other':
        data = data[:-1] + bytes([data[-1] ^ 1])
    if MODE in ('swap', 'twin'):
        key = open(FILE, 'rb').read()
    answer = real(bytes([SIGN_REQUEST]) + string(key) + string(data) + flags)
    if MODE == 'pass' and answer[0] == SIGN_RESPONSE:
        with open(FILE, 'wb') as f:
            f.write(answer)
    return answer


def serve(c):
    while True:
        question = recv(c)
        if question is None or MODE == 'close':
            return
        if MODE == 'hang':
            continue
        if MODE == 'garbage':
            c.sendall(string(bytes(65536)))
        elif MODE == 'longer':
            c.sendall(struct.pack('>I', 65537) + b'\x0c')
        elif MODE == 'drip':
            c.sendall(struct.pack('>I', 60000))
            while True:
                c.sendall(b'\x0c')
                time.sleep(1)
        elif question[0] == SIGN_REQUEST:
            c.sendall(string(sign(question)))
        else:
            c.sendall(string(real(question)))


listener = socket.socket(socket.AF_UNIX)
os.umask(0o077)
listener.bind(LISTEN)
listener.listen(8)
while True:
    conn, _ = listener.accept()
    try:
        serve(conn)
    except OSError:
        pass
    conn.close()
