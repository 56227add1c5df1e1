# SPDX-License-Identifier: Apache-2.0
# What the quality scripts share: the source tree, C without its comments, and reporting.
use strict;
use warnings;

our $root;
my $problems = 0;

# The tree is the first argument, else what "make check" says, else where this file lies.
sub find_root {
    my ($here) = $0 =~ m{^(.*)/};
    $root = $ARGV[0] // $ENV{abs_top_srcdir} // ($here // ".") . "/../..";
    -d "$root/src" or die "$0: no source tree in '$root'\n";
    return $root;
}

sub report {
    my ($path, $line, $message) = @_;
    my $place = $line ? "$path:$line" : $path;
    print "$place: $message\n";
    $problems++;
}

# The status of the script; a second argument says what was looked at.
sub finish {
    my ($looked_at) = @_;
    print "$problems problems, $looked_at\n";
    exit($problems == 0 ? 0 : 1);
}

# The files below these folders or with these names, relative to the root and sorted.
sub files_below {
    my @files;
    my @left = @_;
    while (defined(my $name = shift @left)) {
        if (-d "$root/$name") {
            opendir(my $folder, "$root/$name") or die "$0: cannot read '$root/$name': $!\n";
            push @left, map { "$name/$_" } grep { !/^\./ } readdir $folder;
        } elsif (-f "$root/$name") {
            push @files, $name;
        }
    }
    return sort @files;
}

# Everything that is ours; folders that builds make are left out by not being named.
sub all_files {
    opendir(my $top, $root) or die "$0: cannot read '$root': $!\n";
    my $made = qr/^(?:aclocal\.m4|configure~?|config\..*|Makefile\.in|Makefile|stamp-h1|.*\.log)$/;
    my @top = grep { -f "$root/$_" && !/$made/ } readdir $top;
    my $tools = qr{^build-aux/(?:ar-lib|compile|config\..*|depcomp|install-sh|missing|.*-driver)$};
    my $built = qr{\.(?:o|a|log|trs)$|/\.deps/|\.dirstamp$};
    return grep { !/$tools/ && !/$built/ && !/~$/ } files_below(
        @top, qw(src include tests bench docs checklists build-aux m4 packaging));
}

sub is_data { return $_[0] =~ m{/(?:golden|corpus|fixtures|samples|data|hostile)/} }

sub read_text {
    my ($path) = @_;
    open(my $file, "<:raw", "$root/$path") or die "$0: cannot read '$root/$path': $!\n";
    local $/;
    my $text = <$file>;
    return $text // "";
}

sub blank {
    my ($text) = @_;
    $text =~ s/[^\n]/ /g;
    return $text;
}

# C with its comments as blanks, line ends kept; also strings and characters when asked. A "//"
# stays.
sub without_comments {
    my ($text, $strings_too) = @_;
    my $token = qr{(/\*.*?(?:\*/|\z))|("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')}s;
    my $blank_string = sub { return "\"" . blank(substr($_[0], 2)) . "\"" };
    $text =~ s{$token}{defined $1 ? blank($1) : $strings_too ? $blank_string->($2) : $2}ge;
    return $text;
}

1;
