# Debian 12 packages, found through pkg-config. scripts/packages installs them.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(PCAP REQUIRED IMPORTED_TARGET libpcap>=1.10)
pkg_check_modules(NDPI REQUIRED IMPORTED_TARGET libndpi>=4.2)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3>=3.40)
pkg_check_modules(CRYPTO REQUIRED IMPORTED_TARGET libcrypto>=3.0)
