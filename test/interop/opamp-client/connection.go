package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"net/http"
	"os"
	"sort"
	"time"

	"github.com/open-telemetry/opamp-go/client"
	"github.com/open-telemetry/opamp-go/client/types"
	"github.com/open-telemetry/opamp-go/protobufs"
)

// connection is how the agent reaches the server now; offers change it.
type connection struct {
	url           string
	uid           types.InstanceUid
	attributes    map[string]string
	header        http.Header
	compression   bool
	interval      *time.Duration
	takesSettings bool
	authorities   *x509.CertPool
	certificate   *tls.Certificate
	key           *ecdsa.PrivateKey
	offeredHash   []byte
	status        *protobufs.ConnectionSettingsStatus
}

func readAuthorities(file string) *x509.CertPool {
	if file == "" {
		return nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		fail(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		fail(fmt.Errorf("no certificate in %s", file))
	}
	return pool
}

func (c *connection) tlsConfig() *tls.Config {
	if c.authorities == nil {
		return nil
	}
	config := &tls.Config{RootCAs: c.authorities}
	if c.certificate != nil {
		config.Certificates = []tls.Certificate{*c.certificate}
	}
	return config
}

func (c *connection) startSettings() types.StartSettings {
	return types.StartSettings{
		OpAMPServerURL: c.url, Header: c.header, InstanceUid: c.uid, TLSConfig: c.tlsConfig(),
		EnableCompression: c.compression, HeartbeatInterval: c.interval, LastConnectionSettingsStatus: c.status,
	}
}

// downloadClient trusts whom the agent trusts, and shows what it shows.
func (c *connection) downloadClient(context.Context, *protobufs.DownloadableFile) (*http.Client, error) {
	return &http.Client{Transport: &http.Transport{TLSClientConfig: c.tlsConfig()}}, nil
}

func (c *connection) offered(message *types.MessageData) {
	c.offeredHash = message.OfferedConnectionsSettingsHash
	telemetry := map[string]string{}
	for name, settings := range map[string]*protobufs.TelemetryConnectionSettings{
		"metrics": message.OwnMetricsConnSettings,
		"traces":  message.OwnTracesConnSettings,
		"logs":    message.OwnLogsConnSettings,
	} {
		if settings != nil {
			telemetry[name] = settings.DestinationEndpoint
		}
	}
	say("settings", map[string]any{"hash": hex.EncodeToString(c.offeredHash), "telemetry": telemetry})
}

// requestCertificate sends a CSR with a fresh key, which stays here.
func (c *connection) requestCertificate(self client.OpAMPClient) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		fail(err)
	}
	template := &x509.CertificateRequest{Subject: pkix.Name{CommonName: "opamp-go-client"}}
	der, err := x509.CreateCertificateRequest(rand.Reader, template, key)
	if err != nil {
		fail(err)
	}
	c.key = key
	csr := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})
	err = self.RequestConnectionSettings(&protobufs.ConnectionSettingsRequest{
		Opamp: &protobufs.OpAMPConnectionSettingsRequest{
			CertificateRequest: &protobufs.CertificateRequest{Csr: csr},
		},
	})
	if err != nil {
		fail(err)
	}
}

// take judges an offer. With a certificate in it, the agent comes back by that, and by the headers of the offer alone.
func (c *connection) take(offer *protobufs.OpAMPConnectionSettings) (mustReconnect bool, err error) {
	names := []string{}
	header := http.Header{}
	for _, one := range offer.GetHeaders().GetHeaders() {
		header.Add(one.Key, one.Value)
		names = append(names, one.Key)
	}
	sort.Strings(names)
	given := offer.GetCertificate()
	say("opamp_settings", map[string]any{
		"endpoint": offer.DestinationEndpoint, "heartbeat": offer.HeartbeatIntervalSeconds, "headers": names,
		"certificate": len(given.GetCert()) > 0, "privateKey": len(given.GetPrivateKey()) > 0,
		"authorities": len(given.GetCaCert()) > 0,
	})
	if len(given.GetCert()) == 0 {
		return false, nil
	}
	certificate, err := c.pair(given)
	if err != nil {
		return false, err
	}
	c.certificate = certificate
	c.header = header
	c.url = offer.DestinationEndpoint
	c.status = &protobufs.ConnectionSettingsStatus{
		LastConnectionSettingsHash: c.offeredHash,
		Status:                     protobufs.ConnectionSettingsStatuses_ConnectionSettingsStatuses_APPLIED,
	}
	return true, nil
}

func (c *connection) pair(given *protobufs.TLSCertificate) (*tls.Certificate, error) {
	key := given.GetPrivateKey()
	if len(key) == 0 {
		if c.key == nil {
			return nil, fmt.Errorf("a certificate without a key, and none was asked for")
		}
		der, err := x509.MarshalPKCS8PrivateKey(c.key)
		if err != nil {
			return nil, err
		}
		key = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	}
	certificate, err := tls.X509KeyPair(given.GetCert(), key)
	return &certificate, err
}
