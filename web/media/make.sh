#!/bin/sh
# Makes the clip of the /watch page and of the browser tests: 24 s of HLS (fMP4, sound muxed in),
# two renditions, two-second segments, about 800 kB. The same ffmpeg build makes the same bytes.
#
#   web/media/make.sh            writes web/public/media/clip (a second call does nothing)
#   web/media/make.sh --force    makes it again
#   web/media/make.sh DIR        writes to DIR instead
#   web/media/make.sh --ready    makes web/media/ready again: the smaller rendition alone, 255 kB, committed,
#                                which web/build takes where ffmpeg is missing
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
target=$root/public/media/clip
force=no
ready=no
for argument in "$@"; do
  case $argument in
    --force) force=yes ;;
    --ready) ready=yes force=yes target=$root/media/ready ;;
    -h | --help) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) echo "make.sh: unknown option $argument (see --help)" >&2; exit 2 ;;
    *) target=$argument ;;
  esac
done

# The name of the finished clip holds the recipe, so that a changed recipe is made again.
recipe=$(cksum < "$0" | cut -d ' ' -f 1)
if [ "$force" = no ] && [ -f "$target/recipe-$recipe" ]; then
  exit 0
fi
if ! command -v ffmpeg > /dev/null; then
  echo "make.sh: ffmpeg is missing. Install it (Debian, Ubuntu: apt-get install ffmpeg) and run $0 again." >&2
  exit 1
fi

seconds=24
work=$(mktemp -d "${TMPDIR:-/tmp}/playhead-clip.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM
echo "make.sh: making $seconds s of HLS with ffmpeg (about 10 s)"

# A slow colour gradient with a marker that crosses the picture once, and a tone with a beep each
# second: time can be seen and heard. One thread and bitexact flags keep the output the same.
gradient="gradients=size=960x540:rate=25:duration=$seconds:speed=0.01:seed=7"
gradient="$gradient:nb_colors=4:c0=0x0b1f4d:c1=0x1d6fd6:c2=0x12b5a6:c3=0x5b2a86"
marker="color=white:size=12x540:rate=25:duration=$seconds"
picture="[0:v][1:v]overlay=x='t/$seconds*(W-w)':y=0:shortest=1,format=yuv420p,split=2[large][b]"
picture="$picture;[b]scale=480:270:flags=bicubic+bitexact[small]"

ffmpeg -hide_banner -loglevel error -nostdin -y -filter_threads 1 -filter_complex_threads 1 \
  -f lavfi -i "$gradient" -f lavfi -i "$marker" \
  -f lavfi -i "sine=frequency=220:beep_factor=4:sample_rate=48000:duration=$seconds" \
  -filter_complex "$picture" \
  -map '[large]' -map 2:a -map '[small]' -map 2:a \
  -c:v libx264 -preset medium -profile:v main -threads 1 -g 50 -keyint_min 50 -sc_threshold 0 \
  -b:v:0 150k -maxrate:v:0 180k -bufsize:v:0 300k \
  -b:v:1 50k -maxrate:v:1 60k -bufsize:v:1 100k \
  -c:a aac -b:a 32k -ac 1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact \
  -f hls -hls_time 2 -hls_playlist_type vod -hls_segment_type fmp4 \
  -hls_fmp4_init_filename 'init.mp4' -hls_segment_filename "$work/%v/segment%02d.m4s" \
  -master_pl_name main.m3u8 -var_stream_map 'v:0,a:0,name:large v:1,a:1,name:small' \
  "$work/%v/video.m3u8"

if [ "$ready" = yes ]; then
  rm -r "$work/large"
  sed '/RESOLUTION=960x540/,/^$/d' "$work/main.m3u8" > "$work/only"
  mv "$work/only" "$work/main.m3u8"
else
  : > "$work/recipe-$recipe"
fi
rm -rf "$target"
mkdir -p "$(dirname "$target")"
mv "$work" "$target"
chmod 755 "$target"
trap - EXIT INT TERM
echo "make.sh: wrote $target ($(du -sk "$target" | cut -f 1) kB)"
