"""Bodies for `benches/whole`, and the script by which wrk gives each request sessions of its own."""

import json
import pathlib
import time

# As long as the ids that take its place, so that lengths before texts stay right.
PLACEHOLDER = "00000000-0000-0000-0000-000000000000"


def heartbeat(seq: int) -> dict:
    """A heartbeat as an SDK sends it, 568 bytes of JSON."""
    now_ms = int(time.time() * 1000)
    return {
        "session_id": PLACEHOLDER, "seq": seq, "event": "heartbeat", "state": "playing",
        "client_time_ms": now_ms - 500, "sent_time_ms": now_ms - 20, "content_id": "series-9-s1e2",
        "device_class": "smart_tv", "viewer_id": "viewer-0123456789", "device_model": "OLED55C1",
        "os_name": "webOS", "os_version": "6.2", "app_version": "8.1.0", "player_name": "shaka",
        "player_version": "5.2.12", "stream_type": "live", "cdn": "cdn-a", "country": "DE",
        "connection_type": "ethernet", "position_ms": 812_345 + seq, "bitrate_kbps": 6_400, "width": 1_920,
        "height": 1_080, "buffer_ms": 12_000, "dropped_frames": 17, "heartbeat_interval_ms": 10_000,
    }  # fmt: skip


def as_json(count: int) -> tuple[str, str, bytes]:
    body = json.dumps([heartbeat(seq) for seq in range(count)], separators=(",", ":"))
    return "/v1/beacons", "application/json", body.encode()


# What the schema's lists call these.
NAMES = {"heartbeat": 2, "playing": 2, "smart_tv": 3, "live": 2}


def varint(number: int) -> bytes:
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def fields_of_schema() -> dict[str, int]:
    """Every field's number, as the schema has it."""
    schema = (pathlib.Path(__file__).resolve().parent.parent / "proto/playhead/v1/beacon.proto").read_text()
    message = schema[schema.index("\nmessage Beacon {") :]
    numbers = {}
    for line in message.splitlines():
        words = line.strip().rstrip(";").split()
        if len(words) == 5 and words[0] == "optional" and words[3] == "=":
            numbers[words[2]] = int(words[4])
    return numbers


def as_protobuf(count: int) -> tuple[str, str, bytes]:
    numbers = fields_of_schema()
    enums = {"event": NAMES, "state": NAMES, "device_class": NAMES, "stream_type": NAMES}
    body = bytearray()
    for seq in range(count):
        message = bytearray()
        for name, value in heartbeat(seq).items():
            if name in enums:
                value = enums[name][value]
            if isinstance(value, str):
                text = value.encode()
                message += varint(numbers[name] << 3 | 2) + varint(len(text)) + text
            else:
                message += varint(numbers[name] << 3) + varint(value)
        body += varint(len(message)) + message
    return "/v1/beacons", "application/x-protobuf", bytes(body)


def as_cmcd(count: int) -> tuple[str, str, bytes]:
    now_ms = int(time.time() * 1000)
    line = 'bl=(8000),br=(3200),cid="c",e=t,mtp=(5000),sf=h,sid="%s",sn=%d,st=v,sta=p,ts=%d,v=2'
    lines = [line % (PLACEHOLDER, seq, now_ms - 500) for seq in range(count)]
    return "/v1/cmcd", "application/cmcd", ("\n".join(lines) + "\n").encode()


PROTOCOLS = {"json": as_json, "protobuf": as_protobuf, "cmcd": as_cmcd}


def script(folder: str, path: str, content_type: str, body: bytes) -> str:
    """Writes wrk's script: the body with other session ids in each request."""
    written = pathlib.Path(folder) / "body"
    written.write_bytes(body)
    lua = pathlib.Path(folder) / "script.lua"
    lua.write_text(f"""
local file = assert(io.open("{written}", "rb"))
local body = file:read("*a")
file:close()
local placeholder = "{PLACEHOLDER}"
local parts, from = {{}}, 1
while true do
  local at = body:find(placeholder, from, true)
  if not at then break end
  parts[#parts + 1] = body:sub(from, at - 1)
  parts[#parts + 1] = ""
  from = at + #placeholder
end
parts[#parts + 1] = body:sub(from)
local headers = {{ ["content-type"] = "{content_type}" }}
local number = 0
request = function()
  number = number + 1
  local id = string.format("%08x-0000-4000-8000-{int(time.time()) & 0xFFFFFFFF:012x}", number)
  for i = 2, #parts, 2 do parts[i] = id end
  return wrk.format("POST", "{path}", headers, table.concat(parts))
end
""")
    return str(lua)
