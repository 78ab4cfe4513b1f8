using System.Net;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace SpendGuard.AspNetCore.Tests;

/// <summary>Whose budget pays for the calls of a request.</summary>
public sealed class AgentFromTests
{
    [Fact]
    public async Task User_WhoIsNotSignedIn_Is401()
    {
        await using var app = await WebApp.StartAsync();

        using var answer = await app.ChatAsync(user: null);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("Nobody is signed in", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(app.Provider.Calls);
    }

    [Theory]
    [InlineData("tenant", HttpStatusCode.OK, "")]
    [InlineData("team", HttpStatusCode.BadRequest, "has no claim 'team'")]
    public async Task User_ByAClaim_IsItsValue(string claim, HttpStatusCode status, string says)
    {
        await using var app = await WebApp.StartAsync(AgentFrom.User(claim));
        await app.Guard.SetBudgetAsync("acme", Money.FromDollars(1));

        using var answer = await app.ChatAsync();

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(says, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Users_AtOnce_PayForTheirOwn()
    {
        await using var app = await WebApp.StartAsync();
        await app.Guard.SetBudgetAsync("alice", Money.FromDollars(1));
        await app.Guard.SetBudgetAsync("bob", Money.FromDollars(1));

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => app.ChatAsync(i % 3 == 0 ? "alice" : "bob")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        var (alice, bob) = ((await app.Guard.FindBudgetAsync("alice"))!.Spent, (await app.Guard.FindBudgetAsync("bob"))!.Spent);
        Assert.Equal(app.Provider.Bill.TotalMicrocents, (alice + bob).Microcents);
        Assert.True(bob > alice && alice > Money.Zero, $"{alice}, {bob}");
    }

    [Fact]
    public async Task Header_WhereItIsAskedFor_IsTheAgent()
    {
        await using var app = await WebApp.StartAsync(AgentFrom.Header("x-agent"));
        await app.Guard.SetBudgetAsync("nightly", Money.FromDollars(1));

        using var taken = await app.ChatAsync(null, "/chat", ("x-agent", "nightly"));
        using var none = await app.ChatAsync("alice");
        using var two = await app.ChatAsync("alice", "/chat", ("x-agent", "nightly"), ("x-agent", "alice"));
        using var tooLong = await app.ChatAsync("alice", "/chat", ("x-agent", new string('a', 201)));

        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, two.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, tooLong.StatusCode);
        Assert.Contains("at most 200", await tooLong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Header_UnlessAskedFor_IsNotTheAgent()
    {
        await using var app = await WebApp.StartAsync();
        await app.Guard.SetBudgetAsync("alice", Money.FromDollars(1));
        await app.Guard.SetBudgetAsync("bob", Money.FromDollars(1));

        using var answer = await app.ChatAsync("alice", "/chat", ("x-agent", "bob"), ("x-cynsta-agent-id", "bob"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Money.Zero, (await app.Guard.FindBudgetAsync("bob"))!.Spent);
    }

    [Fact]
    public async Task Request_ByAFunction_IsWhatItTells()
    {
        await using var app = await WebApp.StartAsync(AgentFrom.Request(static context => context.Request.Query["team"]));
        await app.Guard.SetBudgetAsync("red", Money.FromDollars(1));

        using var red = await app.ChatAsync(route: "/chat?team=red");
        using var none = await app.ChatAsync();

        Assert.Equal(HttpStatusCode.OK, red.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
    }

    [Fact]
    public void Build_WithoutAccessToTheRequest_NamesTheCure()
    {
        using var services = new ServiceCollection().AddSpendGuard(options => options.UseInMemoryStore()).BuildServiceProvider();
        using var inner = new NobodysClient();

        var failure = Assert.Throws<InvalidOperationException>(() => inner.AsBuilder().UseSpendGuard(AgentFrom.User()).Build(services));

        Assert.Contains("builder.AddSpendGuard()", failure.Message, StringComparison.Ordinal);
    }

    private sealed class NobodysClient : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
