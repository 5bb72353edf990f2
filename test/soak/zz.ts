import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { rawServers, RawConnection, quiet } from '/work/main/test/integration/mcp/faults/rawConnection.ts';
import { Ledger } from '/work/main/test/integration/mcp/faults/ledger.ts';
setFlagsFromString('--expose-gc'); const gc = runInNewContext('gc');
const bare = process.argv.includes('--bare');
const ledger = new Ledger({keep:false}); const inst = ledger.instrumentation();
for (const what of ['nothing','echo','hang','ping']) for (const {name, make} of rawServers) {
  const refs: WeakRef<object>[] = [];
  for (let i=0;i<50;i++) {
    const raw = make(); raw.tool('hang', () => new Promise(() => undefined)); raw.tool('echo', () => ({content: []}));
    if (!bare) inst.instrumentServer(raw.server);
    const c = await new RawConnection(raw).open();
    if (what==='hang'||what==='echo') await c.say({jsonrpc:'2.0', id:1, method:'tools/call', params:{name: what}});
    if (what==='ping') { const a = new AbortController(); (raw.server as any).server.ping({signal:a.signal}).catch(()=>{}); await quiet(); a.abort(); await quiet(); }
    refs.push(new WeakRef(c.serverSide));
  }
  for (let r=0;r<5;r++){ await quiet(); gc(); }
  console.log(bare?'bare':'ours', what, name, refs.filter(r=>r.deref()).length, ledger.open.length);
}
