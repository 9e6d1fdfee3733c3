"""files.getUploadURLExternal and files.completeUploadExternal; the upload between them is in `uploads.py`."""

from sandbox.slack.backend import Backend
from sandbox.slack.lint.message import check_message
from sandbox.slack.methods.access import postable, thread_root
from sandbox.slack.methods.arguments import Arguments, invalid
from sandbox.slack.normal import normal_blocks
from sandbox.slack.records import Json, Message, Refused


def get_upload_url(backend: Backend, args: Arguments) -> Json:
    file_id = f"F0{len(backend.uploads) + 1:07d}"
    backend.uploads[file_id] = {"id": file_id, "name": args.text("filename"), "size": args.number("length", 0)}
    return {"upload_url": f"{backend.origin}/upload/{file_id}", "file_id": file_id}


def complete_upload(backend: Backend, args: Arguments) -> Json:
    """Share uploaded files: a message in `channel_id`, in the thread when `thread_ts` is given."""
    named = args.json("files")
    if not isinstance(named, list) or not named:
        raise invalid("[ERROR] no files: files")
    files = [_finished(backend, item) for item in named]
    if args.maybe("channel_id"):
        _share(backend, args, files)
    return {"files": files}


def _finished(backend: Backend, item: Json) -> Json:
    file_id = str(item.get("id", ""))
    if file_id not in backend.files:
        raise Refused("file_not_found")
    url = f"{backend.origin}/files/{file_id}"
    return backend.uploads[file_id] | {"title": item.get("title", ""), "url_private": url}


def _share(backend: Backend, args: Arguments, files: list[Json]) -> None:
    channel = postable(backend, args.text("channel_id"))
    said = {"text": args.text("initial_comment"), "blocks": args.json("blocks")}
    if any(said.values()) and (refusal := check_message("files.completeUploadExternal", said, backend.inspection)):
        raise refusal
    backend.state.post(
        Message(
            ts=backend.state.next_ts(),
            channel=channel.id,
            user=backend.state.bot,
            text=args.text("initial_comment"),
            blocks=normal_blocks(args.json("blocks") or []),
            thread_ts=thread_root(backend, channel, args.maybe("thread_ts")),
            files=tuple(files),
        )
    )
