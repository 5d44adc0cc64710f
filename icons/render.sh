#!/bin/sh
# Renders the SVG sources. Needs rsvg-convert (librsvg2-bin) and convert (imagemagick).
set -eu
cd "$(dirname "$0")"

render() { rsvg-convert --width "$3" --height "$3" --output "$2" "$1"; }

# Panels on Linux scale down from 64 pixels; Windows draws the tray at 16 to 32.
for state in quiet unread offline signed-out; do
    render "tray-$state.svg" "tray-$state-64.png" 64
    render "tray-$state.svg" "tray-$state-32.png" 32
done

for size in 32 128 256; do
    render app.svg "app-$size.png" "$size"
done

render badge.svg badge-16.png 16

folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
for size in 16 20 24 32 48 64 256; do
    render app.svg "$folder/$size.png" "$size"
done
convert "$folder"/16.png "$folder"/20.png "$folder"/24.png "$folder"/32.png \
    "$folder"/48.png "$folder"/64.png "$folder"/256.png app.ico
