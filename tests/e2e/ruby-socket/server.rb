require 'fileutils'
require 'socket'

server = TCPServer.new(4567)
loop do
  client = server.accept
  client.gets
  FileUtils.mkdir_p('tmp/pids')
  File.write('tmp/pids/server.pid', Process.pid.to_s)
  client.print "HTTP/1.0 200 OK\r\n\r\nhello from ruby, gr\u00fc\u00df dich\n"
  client.close
end
