"""Whether a worker goes on: what the queue waits for."""

from __future__ import annotations

import json
import subprocess
import sys

import psutil

from playground.finetune import worker


def test_a_worker_goes_on_until_it_signs_out_though_its_process_lives(tmp_path):
    assert not worker.has_begun(tmp_path)
    worker.sign_in(tmp_path)
    assert worker.is_alive(tmp_path)
    worker.sign_out(tmp_path)
    assert not worker.is_alive(tmp_path)
    assert worker.has_begun(tmp_path)


def test_a_worker_that_was_killed_does_not_go_on(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    worker.sign_in(tmp_path)
    told = json.loads((tmp_path / "worker.json").read_text())
    created = psutil.Process(process.pid).create_time()
    told |= {"pid": process.pid, "create_time": created}
    (tmp_path / "worker.json").write_text(json.dumps(told))
    assert worker.is_alive(tmp_path)
    process.kill()
    process.wait()
    assert not worker.is_alive(tmp_path)
