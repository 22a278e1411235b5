FROM	node:20-alpine
WORKDIR	/app
COPY	package.json	./
RUN	npm install --omit=dev \
		&& rm -rf /tmp/*
	COPY	. .
# node
USER	1000
CMD	["node", "server.js"]
