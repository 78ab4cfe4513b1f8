using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.AspNetCore.Tests;

/// <summary>What a request is answered with whose call was refused.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task Call_WithinTheBudget_IsPaidByTheUser()
    {
        await using var app = await WebApp.StartAsync();
        await app.Guard.SetBudgetAsync("alice", Money.FromDollars(1));

        using var answer = await app.ChatAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(app.Provider.Bill.TotalMicrocents, (await app.Guard.FindBudgetAsync("alice"))!.Spent.Microcents);
        Assert.True(app.Provider.Bill.TotalMicrocents > 0);
    }

    [Fact]
    public async Task Call_AboveTheBudget_Is402WithTheFigures()
    {
        await using var app = await WebApp.StartAsync();
        await app.Guard.SetBudgetAsync("alice", Money.FromMicrocents(7));

        var problem = await ProblemAsync(await app.ChatAsync(), 402, "insufficient-budget");

        Assert.Equal("alice", problem.GetProperty("agent_id").GetString());
        Assert.Equal(7, problem.GetProperty("left_microcents").GetInt64());
        Assert.True(problem.GetProperty("required_microcents").GetInt64() > 7);
        Assert.StartsWith("Insufficient budget: agent 'alice' has", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("What is a budget?", problem.ToString(), StringComparison.Ordinal);
        Assert.Empty(app.Provider.Calls);
    }

    [Fact]
    public async Task Call_AboveALimitThatResetsSoon_Is402WithTheTime()
    {
        await using var app = await WebApp.StartAsync(map: static app => app.MapPost("/spend", async (SpendGuardEngine guard) =>
        {
            await using var call = await guard.ReserveAsync(new ToolCall { Agent = "alice", Tool = "search", Price = Money.FromCents(1) });
            await call.SettleAsync();
        }));
        await app.Guard.SetBudgetAsync("alice", Money.FromDollars(1));
        await app.Guard.SetLimitAsync("alice", Limit.Rolling(Money.FromCents(1), TimeSpan.FromMinutes(10)));
        Assert.Equal(HttpStatusCode.OK, (await app.ChatAsync(route: "/spend")).StatusCode);

        using var answer = await app.ChatAsync();

        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalMinutes, 1, 11);
        var problem = await ProblemAsync(answer, 402, "insufficient-budget");
        Assert.Equal("alice", problem.GetProperty("node").GetString());
        Assert.NotNull(problem.GetProperty("limit").GetString());
        Assert.True(problem.GetProperty("resets_at").GetDateTimeOffset() > DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task Call_OfAUserWithoutBudget_Is402()
    {
        await using var app = await WebApp.StartAsync();

        await ProblemAsync(await app.ChatAsync(), 402, "budget-not-found");
    }

    [Fact]
    public async Task Call_WhileAnotherHoldsTheBudget_Is409WithRetryAfter()
    {
        await using var app = await WebApp.StartAsync();
        await app.Guard.SetBudgetAsync("alice", Money.FromDollars(1), maxInFlight: 1);
        await using var held = await app.Guard.ReserveAsync(new ToolCall { Agent = "alice", Tool = "search", Price = Money.FromCents(1) });

        using var answer = await app.ChatAsync();

        Assert.True(answer.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        await ProblemAsync(answer, 409, "budget-locked");
    }

    [Fact]
    public async Task Call_OfAPausedAgent_Is403()
    {
        await using var app = await WebApp.StartAsync();
        await app.Guard.SetBudgetAsync("alice", Money.FromDollars(1));
        await app.Guard.PauseAsync("alice", reason: "It repeats itself");

        var problem = await ProblemAsync(await app.ChatAsync(), 403, "paused");
        Assert.Equal("alice", problem.GetProperty("node").GetString());
    }

    [Fact]
    public async Task Call_ToAModelWithoutPrice_Is400WithTheModel()
    {
        await using var app = await WebApp.StartAsync(model: "gpt-none");
        await app.Guard.SetBudgetAsync("alice", Money.FromDollars(1));

        var problem = await ProblemAsync(await app.ChatAsync(), 400, "unknown-model");
        Assert.Equal("openai:gpt-none", problem.GetProperty("model").GetString());
    }

    [Fact]
    public async Task Call_WithoutBound_Is400()
    {
        await using var app = await WebApp.StartAsync(map: static app => app.MapPost("/search", async (IChatClient chat) =>
            (await chat.GetResponseAsync("What is new?", new ChatOptions { Tools = [new HostedWebSearchTool()] })).Text));
        await app.Guard.SetBudgetAsync("alice", Money.FromDollars(1));

        await ProblemAsync(await app.ChatAsync(route: "/search"), 400, "unbounded-cost");
    }

    [Fact]
    public async Task Call_AtExpiredPrices_Is503AndTheLogSaysWhy()
    {
        await using var app = await WebApp.StartAsync(configure: static options =>
            options.Prices = () => PriceBook.LoadBundled().WithExpiry(DateTimeOffset.UnixEpoch));
        await app.Guard.SetBudgetAsync("alice", Money.FromDollars(1));

        await ProblemAsync(await app.ChatAsync(), 503, "prices-expired");
        Assert.Contains(app.Log.Everything, line => line.Contains("expired at 1970", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Call_WithoutStore_Is503ThatNamesNoFile()
    {
        await using var app = await WebApp.StartAsync(settings: new() { ["SpendGuard:Sqlite"] = "nowhere/budgets.db" });

        var problem = await ProblemAsync(await app.ChatAsync(), 503, "store-unavailable");

        Assert.DoesNotContain("nowhere", problem.ToString(), StringComparison.Ordinal);
        Assert.Contains(app.Log.Everything, line => line.Contains("nowhere", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Call_OfAClientThatTakesNoProblems_IsTheSentence()
    {
        await using var app = await WebApp.StartAsync();

        using var answer = await app.ChatAsync(headers: ("Accept", "text/html"));

        Assert.Equal(HttpStatusCode.PaymentRequired, answer.StatusCode);
        Assert.StartsWith("Budget not found", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_RefusedAtItsBeginning_IsTheSameProblem()
    {
        await using var app = await WebApp.StartAsync(map: static app => app.MapPost("/stream", (IChatClient chat, CancellationToken cancellation) =>
            TypedResults.ServerSentEvents(Texts(chat, cancellation))));

        await ProblemAsync(await app.ChatAsync(route: "/stream"), 402, "budget-not-found");

        await app.Guard.SetBudgetAsync("alice", Money.FromDollars(1));
        using var answer = await app.ChatAsync(route: "/stream");
        Assert.Contains("data: ", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(app.Provider.Bill.TotalMicrocents, (await app.Guard.FindBudgetAsync("alice"))!.Spent.Microcents);

        static async IAsyncEnumerable<string> Texts(
            IChatClient chat, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
        {
            await foreach (var update in chat.GetStreamingResponseAsync("What is a budget?", cancellationToken: cancellation))
            {
                yield return update.Text;
            }
        }
    }

    [Fact]
    public async Task Defect_IsNoRefusal()
    {
        await using var app = await WebApp.StartAsync(map: static app => app.MapPost("/defect", string () => throw new InvalidOperationException("a defect")));

        using var answer = await app.ChatAsync(route: "/defect");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.DoesNotContain("urn:spendguard", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer, int status, string name)
    {
        using (answer)
        {
            var body = await answer.Content.ReadAsStringAsync();
            Assert.True((int)answer.StatusCode == status, $"{answer.StatusCode}: {body}");
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            var problem = JsonElement.Parse(body);
            Assert.Equal("urn:spendguard:" + name, problem.GetProperty("type").GetString());
            Assert.Equal(status, problem.GetProperty("status").GetInt32());
            return problem;
        }
    }
}
