using System.Net;
using Microsoft.Extensions.AI;
using SpendGuard.Budgets;
using SpendGuard.Testing;

namespace SpendGuard.Extensions.AI.Tests.Wire;

/// <summary>By HTTP/2 a server can say that it did not begin to process a request. Nothing is billed for it then.</summary>
public sealed class RefusedStreamTests
{
    private static readonly ChatOptions Small = new() { MaxOutputTokens = 100 };

    [Theory]
    [InlineData(7, false, LedgerEntryKind.Released)]
    [InlineData(7, true, LedgerEntryKind.Released)]
    [InlineData(8, false, LedgerEntryKind.Forfeited)]
    [InlineData(2, true, LedgerEntryKind.Forfeited)]
    public async Task StreamIsReset_IsReleasedOnlyWhereItWasRefused(byte code, bool stream, LedgerEntryKind end)
    {
        await using var guarded = await Guarded.StartAsync();
        await guarded.SetBudgetAsync(Money.FromDollars(1));
        await using var server = new RefusingHttp2Server(code);
        using var http = new HttpClient(new Version2Handler());
        await Assert.ThrowsAnyAsync<Exception>(() => guarded.Guard(guarded.Completions(endpoint: server.Address, http: http)).AskAsync("hello world", stream, Small));

        Assert.InRange(server.Requests, 1, int.MaxValue);
        Assert.Equal(end, (await guarded.EndAsync()).Kind);
        http.Dispose();
    }

    /// <summary>Without TLS, nothing but the caller says that the server speaks HTTP/2.</summary>
    private sealed class Version2Handler() : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
