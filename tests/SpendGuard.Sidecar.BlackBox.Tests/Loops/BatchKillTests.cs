using SpendGuard.Testing;

namespace SpendGuard.Sidecar.BlackBox.Tests.Loops;

/// <summary>The sidecar is killed in the middle of a batch's way, and started again on its file: nothing else is left of it.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed class BatchKillTests(Sidecar sidecar) : IClassFixture<Sidecar>
{
    private const string Batches = "/v1/messages/batches";
    private const string Batch =
        """{"requests":[{"custom_id":"a","params":{"model":"claude-sonnet-5","max_tokens":100,"messages":[{"role":"user","content":"Hi"}]}},{"custom_id":"b","params":{"model":"claude-haiku-4-5","max_tokens":50,"messages":[{"role":"user","content":"Hi"}]}},{"custom_id":"c","params":{"model":"claude-haiku-4-5","max_tokens":70,"messages":[{"role":"user","content":"Hi"}]}}]}""";

    [Fact]
    public async Task KilledBeforeTheNameIsCommitted_HoldStandsForAllThatIsBilled()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        var before = sidecar.Provider.Batches.Ids.Count;
        var gate = sidecar.HoldBack(agent);
        var making = MakeAsync(agent);
        await Poll.UntilAsync(() => sidecar.CallsOf(agent).Count > 0, "the batch's arrival at the provider");
        await sidecar.Process.KillAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => making);
        gate.SetResult();
        await Poll.UntilAsync(() => sidecar.Provider.Batches.Ids.Count > before, "the provider's batch");
        sidecar.Provider.Batches.EndAll();

        await sidecar.StartAsync();

        var budget = await sidecar.BudgetAsync(agent);
        Assert.Equal((0, 1), (budget.Number("in_flight"), budget.Number("batches")));
        Assert.InRange(sidecar.BillOf(agent), 1, budget.Number("held_microcents"));
        Assert.Equal(404, (await GetAsync(agent, $"{Batches}/{sidecar.Provider.Batches.Ids[^1]}/results")).Status);
    }

    [Fact]
    public async Task KilledAfterTheAnswer_ResultsSettleByTheFileAlone()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        var id = await MakeAsync(agent);
        await sidecar.Process.KillAsync();
        sidecar.Provider.Batches.End(id);

        await sidecar.StartAsync();

        Assert.Equal(200, (await GetAsync(agent, $"{Batches}/{id}/results")).Status);
        await sidecar.AssertPaidAsBilledAsync(agent);
    }

    [Fact]
    public async Task KilledInTheMiddleOfTheResults_NothingIsSettledUntilTheyAreFetchedAgain()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        var id = await MakeAsync(agent);
        sidecar.Provider.Batches.End(id);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        sidecar.Provider.Batches.BeforeTheLastByte = gate.Task;
        using (var request = Sidecar.Request(HttpMethod.Get, $"{Batches}/{id}/results", json: null, ("x-cynsta-agent-id", agent)))
        using (var response = await sidecar.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            await using var body = await response.Content.ReadAsStreamAsync();
            Assert.True(await body.ReadAsync(new byte[1]) > 0);
            await sidecar.Process.KillAsync();
        }

        gate.SetResult();
        await sidecar.StartAsync();
        Assert.Equal(1, (await sidecar.BudgetAsync(agent)).Number("batches"));
        sidecar.Provider.Batches.BeforeTheLastByte = Task.CompletedTask;
        await GetAsync(agent, $"{Batches}/{id}/results");

        await sidecar.AssertPaidAsBilledAsync(agent);
    }

    private async Task<string> MakeAsync(string agent)
    {
        var answer = await sidecar.PostAsync(Batches, Batch, ("x-cynsta-agent-id", agent), Sidecar.CallerHeader(agent));
        Assert.Equal(200, answer.Status);
        return answer.String("id");
    }

    private async Task<(int Status, string Text)> GetAsync(string agent, string path)
    {
        using var request = Sidecar.Request(HttpMethod.Get, path, json: null, ("x-cynsta-agent-id", agent));
        using var response = await sidecar.Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
