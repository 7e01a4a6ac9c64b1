reprise_fuzz(half_learnt LINK reprise_store PkgConfig::SQLITE)
reprise_fuzz(rollup LINK reprise_store)
reprise_fuzz(packed_offers LINK reprise_store)
