// A client of Node.js's tls module; arguments and output as py_client.py.
'use strict';

const fs = require('fs');
const tls = require('tls');

const [server, port, name, version, localAddress, ...localPorts] = process.argv.slice(2);
const tlsVersion = `TLSv${version}`;

function connect(localPort, offered) {
  return new Promise((resolve, reject) => {
    let session = offered && offered.session;
    const socket = tls.connect({
      host: server, port: Number(port), servername: name, localAddress, localPort: Number(localPort),
      ca: fs.readFileSync('ca.pem'), minVersion: tlsVersion, maxVersion: tlsVersion, session,
    });
    socket.on('session', (issued) => { session = issued; });
    socket.on('error', reject);
    socket.on('secureConnect', () => {
      const said = {
        local_port: socket.localPort, version: socket.getProtocol(),
        cipher: socket.getCipher().standardName, session_reused: socket.isSessionReused(),
        offered: offered ? offered.kind : 'none', new_session_ticket_hints: [],
      };
      const hasTicket = socket.getTLSTicket() !== undefined;
      socket.on('close', () => {
        console.log(JSON.stringify(said));
        const kind = tlsVersion === 'TLSv1.3' ? 'psk' : hasTicket ? 'ticket' : 'id';
        resolve(session && { session, kind });
      });
      socket.end(`GET /hello.txt HTTP/1.0\r\nHost: ${name}\r\n\r\n`);
      socket.resume();
    });
  });
}

async function main() {
  let offered;
  for (const localPort of localPorts) {
    offered = await connect(localPort, offered);
  }
}

main().catch((error) => { console.error(error.message); process.exit(1); });
