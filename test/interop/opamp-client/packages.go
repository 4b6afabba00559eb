package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/open-telemetry/opamp-go/client/types"
	"github.com/open-telemetry/opamp-go/protobufs"
)

// packageStore keeps packages as files of one folder, and what is known of them in memory.
type packageStore struct {
	folder   string
	key      ed25519.PublicKey
	breaks   bool
	mutex    sync.Mutex
	all      []byte
	states   map[string]types.PackageState
	content  map[string][]byte
	statuses *protobufs.PackageStatuses
}

func newPackageStore(folder, key string, breaks bool) *packageStore {
	decoded, err := base64.StdEncoding.DecodeString(key)
	if err != nil {
		fail(err)
	}
	return &packageStore{
		folder: folder, key: decoded, breaks: breaks,
		states: map[string]types.PackageState{}, content: map[string][]byte{},
	}
}

func (s *packageStore) AllPackagesHash() ([]byte, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.all, nil
}

func (s *packageStore) SetAllPackagesHash(hash []byte) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.all = hash
	return nil
}

func (s *packageStore) Packages() ([]string, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	names := []string{}
	for name := range s.states {
		names = append(names, name)
	}
	return names, nil
}

func (s *packageStore) PackageState(name string) (types.PackageState, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.states[name], nil
}

func (s *packageStore) SetPackageState(name string, state types.PackageState) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	state.Exists = true
	s.states[name] = state
	say("installed", map[string]any{"name": name, "version": state.Version})
	return nil
}

func (s *packageStore) CreatePackage(name string, kind protobufs.PackageType) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.states[name] = types.PackageState{Exists: true, Type: kind}
	return nil
}

func (s *packageStore) FileContentHash(name string) ([]byte, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.content[name], nil
}

// UpdateContent verifies what it reads before it writes any of it.
func (s *packageStore) UpdateContent(_ context.Context, name string, data io.Reader, hash, signature []byte) error {
	text, err := io.ReadAll(data)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(text)
	if !bytes.Equal(sum[:], hash) {
		return errors.New("the content is not what was offered")
	}
	if len(s.key) > 0 && !ed25519.Verify(s.key, text, signature) {
		return errors.New("the signature is not good")
	}
	if s.breaks {
		return errors.New("no space left on device")
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.content[name] = sum[:]
	return os.WriteFile(filepath.Join(s.folder, name), text, 0o600)
}

func (s *packageStore) DeletePackage(name string) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.states, name)
	delete(s.content, name)
	say("deleted", map[string]any{"name": name})
	return os.Remove(filepath.Join(s.folder, name))
}

func (s *packageStore) LastReportedStatuses() (*protobufs.PackageStatuses, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.statuses, nil
}

func (s *packageStore) SetLastReportedStatuses(statuses *protobufs.PackageStatuses) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.statuses = statuses
	return nil
}
