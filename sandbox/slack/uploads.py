"""Where an uploaded file goes and where it is read again."""

from aiohttp import web

from sandbox.slack.backend import Backend


class Uploads:
    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Take the bytes at an address that files.getUploadURLExternal gave, of exactly the length announced."""
        file_id = request.match_info["file_id"]
        expected = self._backend.uploads.get(file_id)
        if expected is None:
            return web.Response(status=404, text="no such upload")
        content = await _content(request)
        if len(content) != expected["size"]:
            self._backend.inspection.note("upload", f"{len(content)} bytes came, {expected['size']} were announced")
            return web.Response(status=400, text="length does not match")
        self._backend.files[file_id] = content
        return web.Response(text=f"OK - {len(content)}")

    async def give(self, request: web.Request) -> web.StreamResponse:
        """Give a file's bytes as a download."""
        file_id = request.match_info["file_id"]
        if file_id not in self._backend.files:
            return web.Response(status=404, text="no such file")
        name = str(self._backend.uploads[file_id]["name"]).replace('"', "")
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
        return web.Response(body=self._backend.files[file_id], content_type="application/octet-stream", headers=headers)


async def _content(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    form = await request.post()
    for value in form.values():
        if isinstance(value, web.FileField):
            return value.file.read()
        return value.encode() if isinstance(value, str) else bytes(value)
    return b""
