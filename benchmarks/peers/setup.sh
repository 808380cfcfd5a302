#!/bin/sh
# Makes one virtual environment for each peer, outside the project's own.
#
#   sh benchmarks/peers/setup.sh            all of them
#   sh benchmarks/peers/setup.sh vectorbt   only those named
#
# They stand in the folder that AUTOTRADER_PEERS names, else in `.peers`, which git ignores; about
# 2 GB. PEERS_PYTHON names the interpreter (3.11 or 3.12 suit all of them).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
home=${AUTOTRADER_PEERS:-$here/../../.peers}
python=${PEERS_PYTHON:-python3.11}

packages() {
    case $1 in
        backtesting) echo "backtesting==0.6.6" ;;
        vectorbt) echo "vectorbt==1.2.0" ;;
        nautilus) echo "nautilus_trader==1.221.0" ;;
        freqtrade) echo "freqtrade==2026.9" ;;
        backtrader) echo "backtrader==1.9.78.123 numpy pandas" ;;
        *) echo "no peer is called $1" >&2; return 1 ;;
    esac
}

install() {
    if command -v uv >/dev/null 2>&1; then
        uv pip install --quiet --python "$home/$1/bin/python" $2
    else
        "$home/$1/bin/python" -m pip install --quiet --disable-pip-version-check $2
    fi
}

mkdir -p "$home"
for peer in ${*:-backtesting vectorbt nautilus freqtrade backtrader}; do
    wanted=$(packages "$peer")
    [ -x "$home/$peer/bin/python" ] || "$python" -m venv "$home/$peer"
    echo "$peer: $wanted"
    install "$peer" "$wanted" || echo "$peer could not be installed" >&2
done
