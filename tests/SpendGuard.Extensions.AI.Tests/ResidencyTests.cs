using System.Net.Sockets;
using Microsoft.Extensions.AI;
using SpendGuard.Budgets;

namespace SpendGuard.Extensions.AI.Tests;

public sealed class ResidencyTests
{
    [Fact]
    public async Task Chat_AtTheHostOfARegion_HoldsAndPaysATenthMore()
    {
        var anywhere = await CallAsync("http://api.openai.com/v1");
        var region = await CallAsync("http://eu.api.openai.com/v1");

        // The simulated provider knows no regions: the surcharge is what its bill lacks.
        Assert.Equal(anywhere.Billed, anywhere.Charged);
        Assert.Equal(WithSurcharge(region.Billed), region.Charged);
        Assert.Equal(WithSurcharge(anywhere.Held), region.Held);
    }

    private static long WithSurcharge(long microcents) => (long)Math.Ceiling(microcents * 1.1m);

    private static async Task<(long Held, long Charged, long Billed)> CallAsync(string address)
    {
        await using var guarded = await Guarded.StartAsync();
        await guarded.Engine.SetBudgetAsync("a", Money.FromDollars(1));
        using var http = new HttpClient(ConnectingTo(guarded.Provider.OpenAIEndpoint));
        using var chat = guarded.Guard(guarded.Completions(endpoint: new Uri(address), http: http));

        await chat.GetResponseAsync("hello", new ChatOptions { MaxOutputTokens = 100 });

        var ledger = new List<LedgerEntry>();
        await foreach (var entry in guarded.Engine.ReadLedgerAsync())
        {
            ledger.Add(entry);
        }

        return (
            ledger.Single(entry => entry.Kind == LedgerEntryKind.Reserved).Amount.Microcents,
            ledger.Single(entry => entry.Kind == LedgerEntryKind.Settled).Amount.Microcents,
            Assert.Single(guarded.Provider.Calls).ChargeMicrocents);
    }

    /// <summary>Real connections, to where the provider is instead of where the host's name leads.</summary>
    private static SocketsHttpHandler ConnectingTo(Uri provider) => new()
    {
        ConnectCallback = async (_, stop) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(provider.Host, provider.Port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };
}
