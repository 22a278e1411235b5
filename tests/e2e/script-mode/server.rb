require 'socket'

server = TCPServer.new(4567)
File.write('tmp/pids/server.pid', Process.pid.to_s)
loop do
  client = server.accept
  client.gets
  client.print "HTTP/1.0 200 OK\r\n\r\nentry #{File.exist?('tmp/pids/server.pid') ? 'ran' : 'did not run'}\n"
  client.close
end
