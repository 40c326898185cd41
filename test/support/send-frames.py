"""Sends raw frames: send-frames.py INTERFACE RATE ROUNDS, frames as lines of hex on standard input.

RATE is in frames per second, 0 = without pause. ROUNDS is how often the whole list is sent, 0 = until SIGTERM.
Prints the number of frames sent.
"""

import signal
import socket
import sys
import time

interface, rate, rounds = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
frames = [bytes.fromhex(line) for line in sys.stdin.read().split()]
stopped = False


def stop(*_):
    global stopped
    stopped = True


signal.signal(signal.SIGTERM, stop)
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
link.bind((interface, 0))
print("ready", flush=True)

sent = 0
started = time.monotonic()
while not stopped and (rounds == 0 or sent < rounds * len(frames)):
    if rate > 0:
        wait = started + sent / rate - time.monotonic()
        if wait > 0:
            time.sleep(wait)
    link.send(frames[sent % len(frames)])
    sent += 1
print(sent)
