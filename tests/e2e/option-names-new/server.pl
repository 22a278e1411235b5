use strict;
use IO::Socket::INET;

my $server = IO::Socket::INET->new(LocalPort => 7000, Listen => 5, ReuseAddr => 1) or die "no port: $!";
while (my $client = $server->accept) {
    <$client>;
    my $kept = open(my $state, '>>', 'state') ? 'kept' : "not kept: $!";
    print $client "HTTP/1.0 200 OK\r\n\r\nhello from perl, state $kept\n";
    close $client;
}
