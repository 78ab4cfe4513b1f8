using SpendGuard.Cli.Hosting;
using SpendGuard.Sidecar.Readiness;

namespace SpendGuard.Cli.Tests.Hosting;

public sealed class StartScreenTests
{
    [Fact]
    public void WhatKeepsItFromServing_IsSaid()
    {
        var end = new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
        var screen = new StartScreen(["http://127.0.0.1:8787"], new SidecarState
        {
            Store = "SQLite, /budgets.db",
            PriceSource = "a server",
            PriceSignature = "verified",
            PriceAge = TimeSpan.FromSeconds(180),
            PricesUsableUntil = end,
            Keys = [],
            MissingKeys = [],
            ControlIsOpen = true,
            NotReady = ["The store cannot be read."],
        });

        Assert.Equal(
            ["address=http://127.0.0.1:8787", "store=SQLite, /budgets.db", "prices=verified: a server, 3 min old, usable until 2026-11-24 12:00:00Z", "keys=none",
                "control=open: any process on this machine can raise budgets, an agent too. Make a key with 'spendguard bootstrap --admin-key', or set CAP_ADMIN_KEY",
                "not_ready=The store cannot be read."],
            screen.Lines);
    }
}
