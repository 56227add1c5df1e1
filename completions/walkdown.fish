# SPDX-License-Identifier: Apache-2.0
# fish completion for walkdown. Commands and options are asked of walkdown itself.
function __walkdown_commands
    walkdown help 2>/dev/null | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\)  *\(.*\)/\1\t\2/p'
end
function __walkdown_options
    set -l words (commandline -opc)
    walkdown help $words[2] 2>/dev/null | sed -n 's/^ *\(-., \)\{0,1\}\(--[a-z-]*\)[^ ]*.*/\2/p'
end
complete -c walkdown -n 'test (count (commandline -opc)) -eq 1' -a '(__walkdown_commands)'
complete -c walkdown -n 'test (count (commandline -opc)) -gt 1' -a '(__walkdown_options)'
complete -c walkdown -n '__fish_seen_subcommand_from new' -s c -l checklist -x -a '(walkdown checklists 2>/dev/null | cut -d " " -f 1)'
complete -c walkdown -n '__fish_seen_subcommand_from decide' -s v -l verdict -x -a 'pass fail na'
complete -c walkdown -n '__fish_seen_subcommand_from access; and test (count (commandline -opc)) -eq 3' -a 'list approve approve-inert question'
complete -c walkdown -n '__fish_seen_subcommand_from export' -s f -l format -x -a 'html md json csv access-csv flows-csv folder'
complete -c walkdown -n '__fish_seen_subcommand_from sign' -l role -x -a 'reviewer approver'
complete -c walkdown -n '__fish_seen_subcommand_from try' -s c -l checklist -x -a '(walkdown checklists 2>/dev/null | cut -d " " -f 1)'
complete -c walkdown -n '__fish_seen_subcommand_from try' -l record -x -a 'pass fail not-applicable blocked undecided'
