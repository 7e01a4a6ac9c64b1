reprise_fuzz(half_learnt LINK reprise_store PkgConfig::SQLITE)
