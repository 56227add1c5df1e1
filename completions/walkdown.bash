# SPDX-License-Identifier: Apache-2.0
# bash completion for walkdown. Commands and options are asked of walkdown itself.
_walkdown() {
    local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
    COMPREPLY=()
    if [ "$COMP_CWORD" = 1 ]; then
        COMPREPLY=($(compgen -W "help $(walkdown help 2>/dev/null | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')" -- "$word"))
        COMPREPLY+=($(compgen -f -X '!*.walk' -- "$word"))
        return
    fi
    case $previous in
    -c | --checklist) COMPREPLY=($(compgen -W "$(walkdown checklists 2>/dev/null | cut -d ' ' -f 1)" -- "$word") $(compgen -f -X '!*.y*ml' -- "$word")) ;;
    -v | --verdict) COMPREPLY=($(compgen -W 'pass fail na' -- "$word")) ;;
    -f | --format) COMPREPLY=($(compgen -W 'html md json csv access-csv flows-csv folder' -- "$word")) ;;
    -a | --area) COMPREPLY=($(compgen -W 'access configuration isolation monitoring dependencies data' -- "$word")) ;;
    --role) COMPREPLY=($(compgen -W 'reviewer approver' -- "$word")) ;;
    --suggested) COMPREPLY=($(compgen -W 'pass fail na' -- "$word")) ;;
    --record) COMPREPLY=($(compgen -W 'pass fail not-applicable blocked undecided' -- "$word")) ;;
    --consent) COMPREPLY=($(compgen -W 'read active read,active' -- "$word")) ;;
    --tools) COMPREPLY=($(compgen -W 'python3 perl bash socat nc busybox curl direct-tcpip' -- "$word")) ;;
    help) COMPREPLY=($(compgen -W "$(walkdown help 2>/dev/null | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')" -- "$word")) ;;
    *)
        case $word in
        -*) COMPREPLY=($(compgen -W "$(walkdown help "$command" 2>/dev/null | sed -n 's/^ *\(-., \)\{0,1\}\(--[a-z-]*\).*/\2/p')" -- "$word")) ;;
        *)
            if [ "$command" = access ] && [ "$COMP_CWORD" = 3 ]; then
                COMPREPLY=($(compgen -W 'list approve approve-inert question' -- "$word"))
            else
                COMPREPLY=($(compgen -f -- "$word"))
            fi
            ;;
        esac
        ;;
    esac
}
complete -o filenames -F _walkdown walkdown
