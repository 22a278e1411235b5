require 'socket'

module Tiny
  def self.serve
    server = TCPServer.new(4567)
    loop do
      client = server.accept
      client.gets
      client.print "HTTP/1.0 200 OK\r\n\r\nhello from a gem\n"
      client.close
    end
  end
end
