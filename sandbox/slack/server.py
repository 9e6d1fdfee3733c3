"""The workspace's HTTP server on loopback: Web API, Socket Mode, response URLs, uploads, and the page."""

from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def loopback_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a request whose Host is not this machine: a page elsewhere may have rebound its name to loopback."""
    host = request.host.rpartition(":")[0] if not request.host.endswith("]") else request.host
    if not _is_loopback(host.strip("[]") or request.host):
        return web.json_response({"ok": False, "error": "not loopback"}, status=403)
    return await handler(request)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class Server:
    """Starts and stops an aiohttp application; `origin` is known after the start."""

    def __init__(self, routes: list[web.AbstractRouteDef]) -> None:
        self._app = web.Application(middlewares=[loopback_only], client_max_size=8 * 1024 * 1024)
        self._app.add_routes(routes)
        self._runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=1.0)
        self.origin = ""

    async def start(self, host: str, port: int) -> None:
        if not _is_loopback(host):
            raise ValueError("the workspace listens on loopback only")
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        address = self._runner.addresses[0]
        shown = f"[{address[0]}]" if ":" in address[0] else address[0]
        self.origin = f"http://{shown}:{address[1]}"

    async def stop(self) -> None:
        await self._runner.cleanup()
