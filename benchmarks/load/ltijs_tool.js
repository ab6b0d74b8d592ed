// The other tool to compare with: ltijs as its README starts it, with ltijs-sequelize on PostgreSQL.
// It answers a launch with a redirect to its page, and that with a small page: three requests, as ours.
const { createServer } = require('http')
const lti = require('ltijs').Provider
const Database = require('ltijs-sequelize')

const env = process.env
const database = new Database(env.BENCH_DATABASE, 'postgres', '', {
  host: env.BENCH_SOCKET,
  dialect: 'postgres',
  logging: false
})

lti.setup('only for measuring', { plugin: database }, {
  appRoute: '/lti/launch',
  loginRoute: '/lti/login',
  cookies: { secure: false, sameSite: '' },
  tokenMaxAge: 60
})
lti.onConnect((token, req, res) => {
  res.send(`<!doctype html><html lang="en"><meta charset="utf-8"><title>ltijs</title><h1>Hello, ${token.user}</h1></html>`)
})

const start = async () => {
  await lti.deploy({ port: Number(env.BENCH_PORT), silent: true })
  await lti.registerPlatform({
    url: env.BENCH_PLATFORM,
    name: 'Bench',
    clientId: env.BENCH_CLIENT_ID,
    authenticationEndpoint: `${env.BENCH_PLATFORM}/auth`,
    accesstokenEndpoint: `${env.BENCH_PLATFORM}/token`,
    authConfig: { method: 'JWK_SET', key: `${env.BENCH_PLATFORM}/jwks` }
  })
  createServer((req, res) => res.end('ok')).listen(Number(env.BENCH_READY_PORT), '127.0.0.1')
}

start()
