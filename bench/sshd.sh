# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the measurements over SSH share: a server on a free port of 127.0.0.1 with keys in $folder,
# $probes trivial commands, medians. Sets $server and $port.
# shellcheck disable=SC2154

# An empty home folder keeps what the login shell reads at its start out of the picture.
make_server() {
    ssh-keygen -q -t ed25519 -N '' -f "$folder/host_key"
    ssh-keygen -q -t ed25519 -N '' -f "$folder/identity"
    cp "$folder/identity.pub" "$folder/authorized_keys"
    test "$(id -u)" -ne 0 || mkdir -p /run/sshd
    for port in $(shuf -i 20000-60000 -n 20); do
        cat >"$folder/sshd_config" <<-END
		ListenAddress 127.0.0.1:$port
		HostKey $folder/host_key
		AuthorizedKeysFile $folder/authorized_keys
		StrictModes no
		UsePAM no
		PermitRootLogin yes
		PidFile none
		SetEnv HOME=$folder
		LogLevel ERROR
		END
        /usr/sbin/sshd -D -e -f "$folder/sshd_config" 2>"$folder/sshd.log" &
        server=$!
        for _ in 1 2 3 4 5 6 7 8 9 10; do
            if ssh-keyscan -T 1 -p "$port" 127.0.0.1 >"$folder/known_hosts" 2>/dev/null &&
                test -s "$folder/known_hosts"; then
                return
            fi
            kill -0 "$server" 2>/dev/null || break
        done
    done
    echo 'no sshd could be started' >&2
    exit 1
}

make_commands() {
    local commands=('uname -r' 'id -u' 'cat /proc/sys/kernel/osrelease' 'hostname' 'ls -d /etc'
        'stat -c %a /etc/passwd' 'grep -c . /etc/group' 'nproc')
    for ((i = 0; i < probes; i++)); do
        echo "${commands[i % ${#commands[@]}]}"
    done >"$folder/commands"
}

ssh_options() {
    printf '%s\n' -F none -p "$port" -i "$folder/identity" -o IdentitiesOnly=yes \
        -o "UserKnownHostsFile=$folder/known_hosts" -o BatchMode=yes -o LogLevel=ERROR
}

median() { # LIST COLUMN
    cut -d' ' -f"$2" "$1" | sort -n | awk '{ v[NR] = $1 } END {
        print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}
