#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/churn.sh - names while everything behind them changes: a
# snapshot on the lower layer of an overlay; 64 threads of look-ups while the
# snapshot is replaced 50 times a second and the keeper killed five times.
#
#	CHURN_S			how long, 20 seconds
#	AIAUTH_HOST_BUILD	where nss_host and the module in it come from, for
#				a build with ThreadSanitizer (tests/lanes.sh)
. "${0%/*}/lib.sh"

seconds=${CHURN_S:-20}
host_build=${AIAUTH_HOST_BUILD:-$build}
for dir in "$build" "$host_build"; do
	make -s -C "$dir" mksnapshot nss_host >>"$rig/make.out" 2>&1
done
install_aiauth
nss=/run/aiauth/nss
file=directory.1.snapshot

# In a process of its own with that build's module; no address-space
# randomness, which ThreadSanitizer cannot have.
nss_host() {
	LD_LIBRARY_PATH=$host_build setarch -R nice -n 10 \
	    "$host_build/nss_host" "$@"
}

# --- an overlay: what is below is seen first, what is put above then

lower=$rig/lower
mkdir "$lower" "$rig/upper" "$rig/work"
echo 'user:old:70000:70000::/:/bin/sh' >"$rig/old"
printf '%s\n' 'user:old:70000:70000::/:/bin/sh' \
    'user:new:70001:70001::/:/bin/sh' >"$rig/new"
"$build/mksnapshot" "$lower" <"$rig/old"
below=$(sha256sum <"$lower/$file")
overlay() {
	mount -t overlay overlay \
	    -o "lowerdir=$lower,upperdir=$rig/upper,workdir=$rig/work" $nss
}
overlay
same "overlay: the lower layer serves" 70000 "$(id -u old)"
same "overlay: copied up while mapped" old "$(nss_host squeeze nothing \
    old new touch $nss/$file)"
check "overlay: it was copied up" test -f "$rig/upper/$file"
umount $nss
rm "$rig/upper/$file"
overlay
same "overlay: replaced above while the lower one is mapped" new \
    "$(nss_host squeeze nothing old new "$build/mksnapshot" $nss \
	<"$rig/new")"
same "overlay: what lies below is as it was" "$below" \
    "$(sha256sum <"$lower/$file")"
umount $nss

# --- a crowd.  Ten users are the same in every snapshot; 'torn' and 'torns'
# carry the same number in each of their fields, another in each snapshot.

people() {
	local i
	for i in {0..9}; do
		echo "user p$i $((70000 + i))"
	done
	echo "user torn 71000"
	echo "group crew 80000 $(printf 'p%s ' {0..9})"
	echo "group torns 81000 torn"
}

# One snapshot, as tests/snaptext.h has it.
generation() {
	local i members=torn
	for i in {0..9}; do
		echo "user:p$i:$((70000 + i)):$((70000 + i))::/home/p$i:/bin/sh"
	done
	echo "user:torn:$((71000 + $1)):$((71000 + $1))::/home/torn$1:/bin/sh"
	echo "group:crew:80000:$(seq -s, -f 'p%g' 0 9)"
	# so that no two are of one length
	for ((i = 1; i < 20 + $1 * 20; i++)); do
		echo "user:u$i:$((90000 + i)):$((90000 + i))::/home/u$i:/bin/sh"
	done
	for ((i = 1; i <= $1 % 10; i++)); do
		members+=,u$i
	done
	echo "group:torns:$((81000 + $1)):$members"
}

people | directory_file
sed -i 's,"/home/torn",/home/torn0",; s,:/home/torn0",:"/home/torn0",' \
    "$rig/directory.json"
start_aiauth
until_ok 10 getent passwd torn
mkdir "$rig/generations"
for i in {1..20}; do
	mkdir "$rig/one"
	generation "$i" | "$build/mksnapshot" "$rig/one"
	mv "$rig/one/$file" "$rig/generations/$i"
	rmdir "$rig/one"
done

# replace: a new file every 20 ms, by rename as the keeper does; the number of
# them at the end.
replace() {
	# shellcheck disable=SC2016
	exec nice -n -10 perl -MFile::Copy -MTime::HiRes=time,sleep -e '
		my ($from, $to, $s) = @ARGV;
		my ($n, $begin) = (0, time);
		while (time - $begin < $s) {
			copy("$from/" . ($n % 20 + 1), "$to.churn") or die;
			chmod(0644, "$to.churn") or die;
			rename("$to.churn", $to) or die;
			$n++;
			my $wait = $begin + $n / 50 - time;
			sleep($wait) if $wait > 0;
		}
		print("$n\n");
	' "$rig/generations" "$nss/$file" "$seconds"
}

# kill_keepers: one each 200 ms, until the crowd goes home.  Who dies so often
# is held back by its supervisor: then another supervisor begins.
kill_keepers() {
	# shellcheck disable=SC2016
	exec nice -n -10 perl -MTime::HiRes=time,sleep -e '
		my ($n, $begin, $end) = (0, time);
		my ($parent, $supervisors) = (supervisor(), 1);
		$SIG{TERM} = sub { $end = 1 };
		sub slurp { open(my $f, "<", shift) or return ""; <$f> // "" }
		sub supervisor {
			my $pid = fork() // die;
			return $pid if $pid;
			open(STDERR, ">>", $ARGV[0]);
			exec("unshare", "--net", "aiauthd", "-f");
		}
		sub keeper {
			my $all = slurp("/proc/$parent/task/$parent/children");
			my @is = grep { slurp("/proc/$_/comm") =~ /-keeper$/ }
			    split(/ /, $all);
			return $is[0];
		}
		my $seen = time;
		until ($end) {
			my $pid = keeper();
			if ($pid && kill("KILL", $pid)) {
				$n++;
				my $wait = $begin + $n / 5 - time;
				sleep($wait) if $wait > 0;
				$seen = time;
			} elsif (time - $seen > 0.25) {
				kill("KILL", $parent);
				waitpid($parent, 0);
				($parent, $seen) = (supervisor(), time);
				$supervisors++;
			}
			sleep(0.01);
		}
		kill("KILL", $parent);
		print("$n $supervisors\n");
	' "$rig/aiauthd.log"
}

no_aiauthd() {
	! pgrep -r R,S,D -x 'aiauthd.*'
}

replace >"$rig/replaced" &
replacer=$!
kill -KILL "$aiauthd_pid"
wait "$aiauthd_pid" || true
until_ok 5 no_aiauthd
kill_keepers >"$rig/killed" &
killer=$!
before=$SECONDS
check "64 threads: nobody is missing, nothing is torn" \
    nss_host crowd 64 "$seconds"
lookups=$(cat "$rig/last.out")
check "they were at it all the time" \
    test $((SECONDS - before)) -ge "$seconds"
wait $replacer
kill -TERM $killer
wait $killer
read -r kills supervisors <"$rig/killed"
replaced=$(cat "$rig/replaced")
echo "$lookups look-ups; $replaced snapshots, and those of $kills keepers" \
    "killed; $supervisors supervisors"
check "replaced some 50 times a second" test "$replaced" -ge $((seconds * 45))
check "a keeper killed some five times a second" test "$kills" -ge $((seconds * 4))

# What is left is what a keeper makes of it.
until_ok 5 no_aiauthd
kill "$netd_pid"
wait "$netd_pid"
start_aiauth
is_the_keepers() {
	[ "$(id -u torn)" = 71000 ]
}
check "the last keeper's word counts" until_ok 10 is_the_keepers
finish
