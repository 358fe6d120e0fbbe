# SPDX-License-Identifier: GPL-2.0-or-later
"""Control a headless Chromium through its DevTools protocol over a pipe. No port is opened."""
import contextlib
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

NAMES = ('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable')
SECONDS = 600


def find():
    return next((path for path in map(shutil.which, NAMES) if path), None)


class Browser:
    def __init__(self, path):
        # A helper process of the browser may still write to the profile while it is removed.
        self.profile = tempfile.TemporaryDirectory(prefix='efimapctl-browser-',
                                                   ignore_cleanup_errors=True)
        to_read, self.to_write = os.pipe()
        self.from_read, from_write = os.pipe()
        # --remote-debugging-pipe uses descriptor 3 for commands and descriptor 4 for answers.
        command = (f'exec 3<&{to_read} 4>&{from_write}; exec "$@"')
        self.process = subprocess.Popen(
            ['bash', '-c', command, 'bash', path, '--headless=new', '--no-sandbox',
             '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run',
             '--disable-background-networking', '--disable-component-update',
             '--force-color-profile=srgb', '--hide-scrollbars', '--remote-debugging-pipe',
             f'--user-data-dir={self.profile.name}', 'about:blank'],
            pass_fds=(to_read, from_write), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(from_write)
        self.rest, self.last_id, self.session, self.events = b'', 0, None, []
        target = self.call('Target.createTarget', url='about:blank')['targetId']
        self.session = self.call('Target.attachToTarget', targetId=target,
                                 flatten=True)['sessionId']
        for domain in ('Page', 'Network', 'Runtime', 'Log'):
            self.call(f'{domain}.enable')

    def receive(self, deadline):
        while b'\0' not in self.rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.from_read], [], [], left)[0]:
                raise TimeoutError('the browser does not answer')
            data = os.read(self.from_read, 1 << 20)
            if not data:
                raise EOFError('the browser has ended')
            self.rest += data
        message, self.rest = self.rest.split(b'\0', 1)
        return json.loads(message)

    def call(self, method, **params):
        """Call a method and return its result. Events that arrive in the meantime are stored."""
        self.last_id += 1
        message = {'id': self.last_id, 'method': method, 'params': params}
        if self.session:
            message['sessionId'] = self.session
        os.write(self.to_write, json.dumps(message).encode() + b'\0')
        deadline = time.monotonic() + SECONDS
        while True:
            answer = self.receive(deadline)
            if answer.get('id') == self.last_id:
                if 'error' in answer:
                    raise RuntimeError(f'{method}: {answer["error"]["message"]}')
                return answer['result']
            self.events.append(answer)

    def wait(self, method):
        """Wait for an event. The event stays in the list of events."""
        deadline = time.monotonic() + SECONDS
        while not any(event.get('method') == method for event in self.events):
            self.events.append(self.receive(deadline))

    def open(self, url, width, height, scheme):
        self.call('Emulation.setDeviceMetricsOverride', width=width, height=height,
                  deviceScaleFactor=1, mobile=False)
        self.call('Emulation.setEmulatedMedia', media='screen', features=[
            {'name': 'prefers-color-scheme', 'value': scheme}])
        self.events = []
        self.call('Page.navigate', url=url)
        self.wait('Page.loadEventFired')

    def run(self, script):
        result = self.call('Runtime.evaluate', expression=script, returnByValue=True,
                           awaitPromise=True)
        if 'exceptionDetails' in result:
            raise RuntimeError(result['exceptionDetails'].get('exception', {}).get(
                'description', result['exceptionDetails']['text']))
        return result['result'].get('value')

    def close(self):
        self.session = None
        with contextlib.suppress(OSError, EOFError, TimeoutError):
            self.call('Browser.close')
        os.close(self.to_write)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.from_read)
        self.profile.cleanup()
