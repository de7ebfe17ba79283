"""A real S3 service on the loopback address for the tests, from the package moto.

    with s3_bucket() as url: ...      # s3://..., with the environment that a client needs

Where the package is missing tests are skipped, but fail where `CI` is set.
"""

import os
import socket
import threading
from contextlib import contextmanager
from importlib.util import find_spec
from unittest import mock

import pytest


@contextmanager
def s3_service():
    """The address of a service without buckets."""
    if find_spec("moto") is None:
        if os.environ.get("CI"):
            pytest.fail("moto is not installed")
        pytest.skip("moto is not installed")
    from moto.server import ThreadedMotoServer  # noqa: PLC0415

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@contextmanager
def known_to_clients(endpoint):
    """Set the environment that S3 clients read."""
    known = {
        "AWS_ENDPOINT": endpoint,
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "synthetic",
        "AWS_SECRET_ACCESS_KEY": "synthetic",
    }
    with mock.patch.dict(os.environ, known):
        yield


@contextmanager
def silent_service():
    """The address of a service that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ended = threading.Event()

        def take():
            taken = []
            while not ended.is_set():
                try:
                    taken.append(listening.accept()[0])
                except OSError:
                    break
            for one in taken:
                one.close()

        taking = threading.Thread(target=take)
        taking.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            ended.set()
            listening.shutdown(socket.SHUT_RDWR)
            taking.join()
