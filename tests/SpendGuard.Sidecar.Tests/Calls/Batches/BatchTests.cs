using SpendGuard.Budgets;
using SpendGuard.Sidecar.Testing;
using SpendGuard.Testing.Provider;
using SpendGuard.Testing.Provider.Batches;
using static SpendGuard.Sidecar.Tests.Calls.Batches.BatchSteps;

namespace SpendGuard.Sidecar.Tests.Calls.Batches;

/// <summary>A batch from its request to its settlement, against the bill of a provider that bills it when it ends.</summary>
public sealed class BatchTests : IAsyncLifetime
{
    private SidecarFixture _sidecar = null!;
    private string _agent = "";

    public async Task InitializeAsync()
    {
        _sidecar = await SidecarFixture.StartAsync();
        _agent = await _sidecar.AgentAsync(cents: 1_000);
    }

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Fact]
    public async Task Batch_IsHeldWholeUntilItsResultsAreFetched_ThenCostsWhatIsBilled()
    {
        var id = await _sidecar.MakeAsync(_agent, Message(100), Message(2_000), Message(50, "claude-haiku-4-5"));
        var held = (await _sidecar.BudgetAsync(_agent))!;
        Assert.Equal((0, 1, 0), (held.InFlight, held.Batches, (int)held.Spent));

        // Half of 2,100 tokens at 1,000 and of 50 at 500 is output alone.
        Assert.InRange(held.Held, 1_062_500, 1_300_000);
        Assert.Equal(0, _sidecar.Provider.Bill.TotalMicrocents);

        _sidecar.Provider.Batches.End(id);
        Assert.True(_sidecar.Provider.Bill.TotalMicrocents > 0);
        Assert.Equal(held.Held, (await _sidecar.BudgetAsync(_agent))!.Held);
        var results = await _sidecar.ResultsAsync(_agent, id);

        Assert.Equal([("r2", "succeeded"), ("r1", "succeeded"), ("r0", "succeeded")], results.Results());
        var after = (await _sidecar.BudgetAsync(_agent))!;
        Assert.Equal((0, 0L, _sidecar.Provider.Bill.TotalMicrocents), (after.Batches, after.Held, after.Spent));
        Assert.Empty(_sidecar.Provider.Failures);
        Assert.Equal(["BudgetSet", "Reserved", "Settled"], await KindsAsync());
    }

    [Fact]
    public async Task Description_HasItsResultsHere_AndTellsWhatItCost()
    {
        var id = await _sidecar.MakeAsync(_agent, Message());
        var before = await _sidecar.GetAsync(_agent, $"{Route}/{id}");
        Assert.Null(before.Body["results_url"]);
        Assert.False(before.Headers.ContainsKey("x-spendguard-charged-microcents"));

        _sidecar.Provider.Batches.End(id);
        var address = (string)(await _sidecar.GetAsync(_agent, $"{Route}/{id}")).Body["results_url"]!;
        Assert.Equal($"{_sidecar.Address}{Route}/{id}/results", address);
        Assert.Single((await _sidecar.GetAsync(_agent, address)).Results());

        Assert.Equal(_sidecar.Provider.Bill.TotalMicrocents, (await _sidecar.GetAsync(_agent, $"{Route}/{id}")).ChargedMicrocents);
    }

    [Fact]
    public async Task Batch_TakesNoPlaceOfACall_NorWaitsForOne()
    {
        await _sidecar.MakeAsync(_agent, Message());
        var call = await _sidecar.CallAsync(_agent, "gpt-4o-mini");
        Assert.Equal(200, call.Status);

        // While the one call that may be in flight is, another batch is taken.
        var reply = 0;
        _sidecar.Provider.OnArrival = async request =>
        {
            if (request.Path == "/v1/chat/completions")
            {
                reply = (await _sidecar.AskAsync(Route, _agent, Of(Message()))).Status;
            }
        };
        Assert.Equal(200, (await _sidecar.CallAsync(_agent, "gpt-4o-mini")).Status);
        Assert.Equal(200, reply);
        Assert.Empty(_sidecar.Provider.Failures);
    }

    [Fact]
    public async Task Results_FetchedTwice_SettleOnceAndArePassedOnTwice()
    {
        var id = await _sidecar.MakeAsync(_agent, Message(), Message());
        _sidecar.Provider.Batches.End(id);

        var first = await _sidecar.ResultsAsync(_agent, id);
        var second = await _sidecar.ResultsAsync(_agent, id);

        Assert.Equal(first.Text, second.Text);
        Assert.Equal(_sidecar.Provider.Bill.TotalMicrocents, second.ChargedMicrocents);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
        Assert.Equal(["BudgetSet", "Reserved", "Settled"], await KindsAsync());
    }

    [Theory]
    [InlineData(BatchOutcome.Errored)]
    [InlineData(BatchOutcome.Canceled)]
    [InlineData(BatchOutcome.Expired)]
    public async Task RequestsThatCameToNothing_CostNothing(BatchOutcome outcome)
    {
        _sidecar.Provider.Batches.OutcomeOf = id => id == "r1" ? BatchOutcome.Succeeded : outcome;
        var id = await _sidecar.MakeAsync(_agent, Message(), Message(), Message());
        _sidecar.Provider.Batches.End(id);

        Assert.Equal(3, (await _sidecar.ResultsAsync(_agent, id)).Results().Count);
        Assert.Equal(1, _sidecar.Provider.Bill.BilledCalls);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    [Fact]
    public async Task BatchOfWhichNothingSucceeded_IsSettledWhenItIsAskedFor()
    {
        _sidecar.Provider.Batches.OutcomeOf = _ => BatchOutcome.Expired;
        var id = await _sidecar.MakeAsync(_agent, Message(), Message());
        Assert.False((await _sidecar.GetAsync(_agent, $"{Route}/{id}")).Headers.ContainsKey("x-spendguard-charged-microcents"));
        _sidecar.Provider.Batches.End(id);

        Assert.Equal(0, (await _sidecar.GetAsync(_agent, $"{Route}/{id}")).ChargedMicrocents);
        Assert.Equal(0, await _sidecar.AssertPaidAsBilledAsync(_agent));
    }

    /// <summary>A provider that contradicts itself is not taken at the word that costs nothing.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    public async Task CountsThatAreNotThoseOfItsRequests_SettleNothing(int succeeded, int errored)
    {
        _sidecar.Provider.Batches.Told = batch =>
        {
            batch["request_counts"]!["succeeded"] = succeeded;
            batch["request_counts"]!["errored"] = errored;
            return batch;
        };
        var id = await _sidecar.MakeAsync(_agent, Message(), Message());
        _sidecar.Provider.Batches.End(id);

        await _sidecar.GetAsync(_agent, $"{Route}/{id}");
        Assert.Equal(1, (await _sidecar.BudgetAsync(_agent))!.Batches);

        await _sidecar.ResultsAsync(_agent, id);
        Assert.True(await _sidecar.AssertPaidAsBilledAsync(_agent) > 0);
    }

    [Fact]
    public async Task ResultsThatAreFewerAnswersThanWasTold_SettleNothing()
    {
        var id = await _sidecar.MakeAsync(_agent, Message(), Message());
        _sidecar.Provider.Batches.End(id);
        _sidecar.Provider.Batches.Lines = lines => [lines[0], """{"custom_id":"r0","result":{"type":"errored","error":{"type":"error"}}}""" + "\n"];

        await _sidecar.ResultsAsync(_agent, id);

        var budget = (await _sidecar.BudgetAsync(_agent))!;
        Assert.Equal((1, 0L), (budget.Batches, budget.Spent));
    }

    [Fact]
    public async Task CanceledBatch_CostsWhatHadSucceeded()
    {
        var id = await _sidecar.MakeAsync(_agent, Message(), Message());
        Assert.Equal("canceling", (string?)(await _sidecar.GetAsync(_agent, $"{Route}/{id}/cancel", HttpMethod.Post)).Body["processing_status"]);
        _sidecar.Provider.Batches.End(id);

        await _sidecar.ResultsAsync(_agent, id);

        Assert.Equal(0, await _sidecar.AssertPaidAsBilledAsync(_agent));
        Assert.Equal(["BudgetSet", "Reserved", "Settled"], await KindsAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("standard")]
    [InlineData("batch")]
    public async Task UsageThatTellsAnyTier_IsPricedAsABatchs(string? tier)
    {
        _sidecar.Provider.Batches.ToldTier = tier;
        var id = await _sidecar.MakeAsync(_agent, Message());
        _sidecar.Provider.Batches.End(id);
        await _sidecar.ResultsAsync(_agent, id);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    [Fact]
    public async Task AnswersAtTheirWorst_NeverCostMoreThanIsHeld()
    {
        _sidecar.Provider.Behaviour = new Behaviour { UseTheMost = true };
        var cached = """,{"type":"text","text":"much","cache_control":{"type":"ephemeral","ttl":"1h"}}""";
        var id = await _sidecar.MakeAsync(
            _agent,
            Message(100),
            """{"model":"claude-sonnet-5","max_tokens":300,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}CACHED]}]}""".Replace("CACHED", cached, StringComparison.Ordinal),
            Message(50));
        var held = (await _sidecar.BudgetAsync(_agent))!.Held;
        _sidecar.Provider.Batches.End(id);
        Assert.InRange(_sidecar.Provider.Bill.TotalMicrocents, 1, held);

        await _sidecar.ResultsAsync(_agent, id);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    /// <summary>Half is the price of tokens. That a search costs less in a batch is said nowhere.</summary>
    [Fact]
    public async Task Searches_AreHeldForWhole_AndCostWhatTheyDoInACall()
    {
        var row = new ProviderPrice("claude-sonnet-5", 200, 1000)
        {
            CachedInput = 20,
            CacheWrite = 250,
            CacheWriteOneHour = 400,
            Search = 1_000_000,
            MaxInputTokens = 1_000_000,
            MaxOutputTokens = 128_000,
        };
        await using var sidecar = await SidecarFixture.StartAsync([row]);
        var agent = await sidecar.AgentAsync(cents: 100_000);
        sidecar.Provider.Behaviour = new Behaviour { UseTheMost = true };
        var id = await sidecar.MakeAsync(agent, Message(50, more: ""","tools":[{"type":"web_search_20250305","name":"web_search","max_uses":2}]"""));
        var held = (await sidecar.BudgetAsync(agent))!.Held;
        sidecar.Provider.Batches.End(id);
        Assert.InRange(sidecar.Provider.Bill.TotalMicrocents, 2_000_000, held);

        await sidecar.ResultsAsync(agent, id);
        await sidecar.AssertPaidAsBilledAsync(agent);
    }

    [Fact]
    public async Task ServedByAnotherModel_CostsWhatThatOneDoes()
    {
        _sidecar.Provider.Behaviour = new Behaviour { ServedModel = "claude-haiku-4-5" };
        var id = await _sidecar.MakeAsync(_agent, Message(), Message());
        _sidecar.Provider.Batches.End(id);
        await _sidecar.ResultsAsync(_agent, id);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    [Fact]
    public async Task Requests_AreSentAsTheyCame_ButForWhatIsPinned()
    {
        SimulatedRequest? sent = null;
        _sidecar.Provider.OnArrival = request =>
        {
            sent = request;
            return Task.CompletedTask;
        };
        await _sidecar.MakeAsync(_agent, Message(77, more: ""","temperature":0.5,"metadata":{"user_id":"u"}"""));

        var message = sent!.Body["requests"]![0]!["params"]!;
        Assert.Equal("""{"model":"claude-sonnet-5","messages":[{"role":"user","content":"Hi"}],"temperature":0.5,"metadata":{"user_id":"u"},"max_tokens":77,"service_tier":"standard_only","inference_geo":"global"}""", message.ToJsonString());
        Assert.Equal("r0", (string?)sent.Body["requests"]![0]!["custom_id"]);
        Assert.Equal(SidecarFixture.AnthropicKey, sent.Headers["x-api-key"]);
    }

    [Fact]
    public async Task Deleted_OnlyOnceItIsSettled()
    {
        var id = await _sidecar.MakeAsync(_agent, Message());
        _sidecar.Provider.Batches.End(id);
        var early = await _sidecar.GetAsync(_agent, $"{Route}/{id}", HttpMethod.Delete);
        Assert.Equal(409, early.Status);
        Assert.Contains("Fetch them first", early.Text, StringComparison.Ordinal);
        Assert.Equal([id], _sidecar.Provider.Batches.Ids);

        await _sidecar.ResultsAsync(_agent, id);
        var deleted = await _sidecar.GetAsync(_agent, $"{Route}/{id}", HttpMethod.Delete);
        Assert.Equal((200, $$"""{"id":"{{id}}","type":"message_batch_deleted"}"""), (deleted.Status, deleted.Text));
        Assert.Empty(_sidecar.Provider.Batches.Ids);
    }

    [Fact]
    public async Task AnotherAgentsBatch_IsThereForNobodyElse()
    {
        var other = await _sidecar.AgentAsync();
        var id = await _sidecar.MakeAsync(_agent, Message());
        _sidecar.Provider.Batches.End(id);

        foreach (var (path, method) in ((string, HttpMethod)[])
            [($"{Route}/{id}", HttpMethod.Get), ($"{Route}/{id}", HttpMethod.Delete), ($"{Route}/{id}/cancel", HttpMethod.Post), ($"{Route}/{id}/results", HttpMethod.Get)])
        {
            var reply = await _sidecar.GetAsync(other, path, method);
            Assert.Equal((404, "not_found_error", "Batch not found"), (reply.Status, (string?)reply.Body["error"]!["type"], (string?)reply.Body["detail"]));
        }

        Assert.Equal(404, (await _sidecar.GetAsync(_agent, $"{Route}/msgbatch_none")).Status);
        Assert.Equal(404, (await _sidecar.GetAsync(_agent, $"{Route}/..%2f..%2fmodels")).Status);
        Assert.Equal(1, (await _sidecar.BudgetAsync(_agent))!.Batches);
    }

    private async Task<List<string>> KindsAsync() =>
        await _sidecar.Engine.ReadLedgerAsync(_agent).Select(entry => entry.Kind.ToString()).ToListAsync();
}
