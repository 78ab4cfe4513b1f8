using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json.Nodes;
using SpendGuard.Budgets;
using SpendGuard.Sidecar.Testing;
using SpendGuard.Testing.Provider;
using SpendGuard.Testing.Provider.Batches;
using static SpendGuard.Sidecar.Tests.Calls.Batches.OpenAIBatchSteps;

namespace SpendGuard.Sidecar.Tests.Calls.Batches;

/// <summary>A batch that comes as a file and goes into files, against the bill of a provider that bills it when it ends.</summary>
public sealed class OpenAIBatchTests : IAsyncLifetime
{
    private SidecarFixture _sidecar = null!;
    private string _agent = "";

    public async Task InitializeAsync()
    {
        _sidecar = await SidecarFixture.StartAsync();
        _agent = await _sidecar.AgentAsync(cents: 1_000);
        _sidecar.Provider.OpenAIBatches.TakesSeveralModels = true;
    }

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Fact]
    public async Task Batch_IsHeldWholeUntilItsResultsAreFetched_ThenCostsWhatIsBilled()
    {
        var id = await _sidecar.BatchAsync(_agent, ChatOf(100), ChatOf(2_000), ChatOf(50, "gpt-4o-mini"));
        var held = (await _sidecar.BudgetAsync(_agent))!;
        Assert.Equal((0, 1, 0), (held.InFlight, held.Batches, (int)held.Spent));

        // Half of 2,100 tokens at 1,000 and of 50 at 60 is output alone.
        Assert.InRange(held.Held, 1_051_500, 1_100_000);

        _sidecar.Provider.OpenAIBatches.End(id);
        Assert.True(_sidecar.Provider.Bill.TotalMicrocents > 0);
        Assert.Equal(held.Held, (await _sidecar.BudgetAsync(_agent))!.Held);
        var lines = await _sidecar.FileAsync(_agent, id);

        Assert.Equal(["r2", "r1", "r0"], lines.Select(line => (string)line["custom_id"]!));
        var after = (await _sidecar.BudgetAsync(_agent))!;
        Assert.Equal((0, 0L, _sidecar.Provider.Bill.TotalMicrocents), (after.Batches, after.Held, after.Spent));
        Assert.Equal(_sidecar.Provider.Bill.TotalMicrocents, (await _sidecar.GetAsync(_agent, $"/v1/batches/{id}")).ChargedMicrocents);
        Assert.Equal(["BudgetSet", "Reserved", "Settled"], await KindsAsync());
        Assert.Empty(_sidecar.Provider.Failures);
    }

    [Theory]
    [InlineData(Chat, """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_tokens":70}""")]
    [InlineData("/v1/responses", """{"model":"gpt-4o","input":"Hi","max_output_tokens":70}""")]
    [InlineData("/v1/embeddings", """{"model":"text-embedding-3-small","input":["Hi","you"]}""")]
    public async Task AnswersAtTheirWorst_NeverCostMoreThanIsHeld(string url, string body)
    {
        _sidecar.Provider.Behaviour = new Behaviour { UseTheMost = true };
        var id = await _sidecar.BatchAtAsync(_agent, url, body, body);
        var held = (await _sidecar.BudgetAsync(_agent))!.Held;
        _sidecar.Provider.OpenAIBatches.End(id);
        Assert.InRange(_sidecar.Provider.Bill.TotalMicrocents, 1, held);

        await _sidecar.FileAsync(_agent, id);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    [Fact]
    public async Task Requests_AreSentAsTheyCame_ButForTheCap()
    {
        SimulatedRequest? sent = null;
        _sidecar.Provider.ForRequest = request =>
        {
            sent = request.Path == Chat ? request : sent;
            return Behaviour.Honest;
        };
        var id = await _sidecar.BatchAsync(_agent, "{\n\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"temperature\":0.5,\"service_tier\":\"auto\"}".Replace('\n', ' '));
        _sidecar.Provider.OpenAIBatches.End(id);

        Assert.Equal("""{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}],"temperature":0.5,"max_completion_tokens":16384}""", sent!.Body.ToJsonString());

        // What is not capped is held for at the most that the model gives.
        Assert.InRange((await _sidecar.BudgetAsync(_agent))!.Held, 16_384 * 60 / 2, 17_000 * 60 / 2);
    }

    [Theory]
    [InlineData(BatchOutcome.Errored)]
    [InlineData(BatchOutcome.Expired)]
    [InlineData(BatchOutcome.Canceled)]
    public async Task RequestsThatCameToNothing_CostNothing(BatchOutcome outcome)
    {
        _sidecar.Provider.OpenAIBatches.OutcomeOf = id => id == "r1" ? BatchOutcome.Succeeded : outcome;
        var id = await _sidecar.BatchAsync(_agent, ChatOf(), ChatOf(), ChatOf());
        _sidecar.Provider.OpenAIBatches.End(id);

        if (outcome != BatchOutcome.Canceled)
        {
            Assert.Equal(2, (await _sidecar.FileAsync(_agent, id, "error_file_id")).Count());
            Assert.Equal(1, (await _sidecar.BudgetAsync(_agent))!.Batches);
        }

        Assert.Single(await _sidecar.FileAsync(_agent, id));
        Assert.Equal(1, _sidecar.Provider.Bill.BilledCalls);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    [Theory]
    [InlineData(BatchOutcome.Errored)]
    [InlineData(BatchOutcome.Canceled)]
    public async Task BatchOfWhichNothingSucceeded_IsSettledWhenItIsAskedFor(BatchOutcome outcome)
    {
        _sidecar.Provider.OpenAIBatches.OutcomeOf = _ => outcome;
        var id = await _sidecar.BatchAsync(_agent, ChatOf(), ChatOf());
        _sidecar.Provider.OpenAIBatches.End(id);

        var batch = await _sidecar.GetAsync(_agent, $"/v1/batches/{id}");

        Assert.Null(batch.Body["output_file_id"]);
        Assert.Equal(0, batch.ChargedMicrocents);
        Assert.Equal(0, await _sidecar.AssertPaidAsBilledAsync(_agent));
        Assert.Equal(404, (await _sidecar.GetAsync(_agent, $"/v1/files/{id}-output/content")).Status);
    }

    [Fact]
    public async Task CancelledBatch_CostsWhatHadSucceeded()
    {
        var id = await _sidecar.BatchAsync(_agent, ChatOf(), ChatOf());
        _sidecar.Provider.OpenAIBatches.OutcomeOf = request => request == "r0" ? BatchOutcome.Succeeded : BatchOutcome.Canceled;
        Assert.Equal("cancelling", (string?)(await _sidecar.GetAsync(_agent, $"/v1/batches/{id}/cancel", HttpMethod.Post)).Body["status"]);
        _sidecar.Provider.OpenAIBatches.End(id);

        await _sidecar.FileAsync(_agent, id);
        Assert.True(await _sidecar.AssertPaidAsBilledAsync(_agent) > 0);
    }

    /// <summary>That what failed is not billed is published, and only as long as the batch's own count says no more than its answers.</summary>
    [Fact]
    public async Task WhatIsCountedBesideTheAnswers_IsBilledToo()
    {
        var batches = _sidecar.Provider.OpenAIBatches;
        batches.OutcomeOf = request => request == "r0" ? BatchOutcome.Succeeded : BatchOutcome.Errored;
        batches.Told = batch =>
        {
            batch["usage"]!["input_tokens"] = (long)batch["usage"]!["input_tokens"]! + 1_000;
            batch["usage"]!["output_tokens"] = (long)batch["usage"]!["output_tokens"]! + 100;
            batch["usage"]!["total_tokens"] = (long)batch["usage"]!["total_tokens"]! + 1_100;
            return batch;
        };
        var id = await _sidecar.BatchAsync(_agent, ChatOf(), ChatOf());
        batches.End(id);

        await _sidecar.FileAsync(_agent, id);

        Assert.Equal(_sidecar.Provider.Bill.TotalMicrocents + (((1_000 * 250) + (100 * 1_000)) / 2), (await _sidecar.BudgetAsync(_agent))!.Spent);
    }

    [Fact]
    public async Task ResultsThatAreNotThoseOfTheBatch_SettleNothing()
    {
        var batches = _sidecar.Provider.OpenAIBatches;
        var id = await _sidecar.BatchAsync(_agent, ChatOf(), ChatOf());
        batches.End(id);
        foreach (var lines in (Func<IReadOnlyList<string>, IReadOnlyList<string>>[])
            [
                lines => [lines[0]],
                lines => [],
                lines => [lines[0], lines[0]],
                lines => [.. lines, lines[0].Replace("\"r1\"", "\"r7\"", StringComparison.Ordinal)],
                lines => [lines[0], "not JSON\n"],
                lines => [lines[0], lines[1].Replace("custom_id", "id", StringComparison.Ordinal)],
                lines => [lines[0], lines[1].Replace("\"status_code\":200", "\"status_code\":500", StringComparison.Ordinal).Replace("\"usage\"", "\"use\"", StringComparison.Ordinal)],
                lines => [lines[0], lines[1].Replace("\"status_code\":200", "\"status_code\":201", StringComparison.Ordinal).Replace("\"usage\"", "\"use\"", StringComparison.Ordinal)],
                lines => [lines[0], lines[1].Replace("completion_tokens", "tokens", StringComparison.Ordinal)],
                lines => [lines[0], lines[1].Replace("\"usage\"", "\"use\"", StringComparison.Ordinal)],
                lines => [lines[0], lines[1].Replace("\"service_tier\":\"default\"", "\"service_tier\":\"priority\"", StringComparison.Ordinal)],
            ])
        {
            batches.Lines = lines;
            await _sidecar.FileAsync(_agent, id);
            var budget = (await _sidecar.BudgetAsync(_agent))!;
            Assert.Equal((1, 0L), (budget.Batches, budget.Spent));
        }

        batches.Lines = null;
        await _sidecar.FileAsync(_agent, id);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    /// <summary>What has a usage is charged, whatever else it says.</summary>
    [Fact]
    public async Task AnswersThatAreCalledFailures_CostWhatIsBilled()
    {
        var batches = _sidecar.Provider.OpenAIBatches;
        batches.Lines = lines => [.. lines.Select(line => line.Replace("\"status_code\":200", "\"status_code\":500", StringComparison.Ordinal))];
        var id = await _sidecar.BatchAsync(_agent, ChatOf(), ChatOf());
        batches.End(id);

        await _sidecar.FileAsync(_agent, id);

        Assert.True(await _sidecar.AssertPaidAsBilledAsync(_agent) > 0);
    }

    /// <summary>Nobody can tell the whole, and what can be read is more than was held.</summary>
    [Fact]
    public async Task ResultsThatCostMoreThanIsHeld_AndAreNotWhole_ForfeitWhatIsKnown()
    {
        var batches = _sidecar.Provider.OpenAIBatches;
        _sidecar.Provider.Behaviour = new Behaviour { IgnoreCap = true, OutputTokens = 5_000 };
        var id = await _sidecar.BatchAsync(_agent, ChatOf(), ChatOf());
        var held = (await _sidecar.BudgetAsync(_agent))!.Held;
        batches.End(id);
        batches.Lines = lines => [lines[0], "not JSON\n"];
        batches.Told = batch =>
        {
            batch["usage"] = null;
            return batch;
        };

        await _sidecar.FileAsync(_agent, id);

        var budget = (await _sidecar.BudgetAsync(_agent))!;
        Assert.True(budget.Spent > held);
        Assert.Equal((0L, _sidecar.Provider.Bill.TotalMicrocents / 2), (budget.Held, budget.Spent));

        batches.Lines = null;
        await _sidecar.FileAsync(_agent, id);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    [Theory]
    [InlineData("output_tokens", "-1")]
    [InlineData("output_tokens", "1e30")]
    [InlineData("output_tokens", "\"9\"")]
    [InlineData("total_tokens", "1000000")]
    public async Task CountThatCannotBeRead_SettlesNothing(string name, string count)
    {
        var batches = _sidecar.Provider.OpenAIBatches;
        batches.Told = batch =>
        {
            batch["usage"]![name] = JsonNode.Parse(count);
            return batch;
        };
        var id = await _sidecar.BatchAsync(_agent, ChatOf());
        batches.End(id);

        await _sidecar.FileAsync(_agent, id);

        var budget = (await _sidecar.BudgetAsync(_agent))!;
        Assert.Equal((1, 0L), (budget.Batches, budget.Spent));
    }

    /// <summary>Counts of batches that expired were seen that were less than there was.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task AnswersThatAreMoreThanWasTold_AreBilledAll(int completed)
    {
        var batches = _sidecar.Provider.OpenAIBatches;
        var id = await _sidecar.BatchAsync(_agent, ChatOf(), ChatOf(), ChatOf());
        batches.OutcomeOf = request => request == "r0" ? BatchOutcome.Expired : BatchOutcome.Succeeded;
        batches.Told = batch =>
        {
            batch["request_counts"]!["completed"] = completed;
            return batch;
        };
        batches.End(id);

        var lines = await _sidecar.FileAsync(_agent, id);

        Assert.Equal(2, lines.Count());
        Assert.True(await _sidecar.AssertPaidAsBilledAsync(_agent) > 0);
    }

    [Fact]
    public async Task AnotherAgentsBatch_AndItsFiles_AreThereForNobodyElse()
    {
        var other = await _sidecar.AgentAsync();
        var id = await _sidecar.BatchAsync(_agent, ChatOf());
        _sidecar.Provider.OpenAIBatches.End(id);
        var file = (string)JsonNode.Parse(await TextAsync($"/v1/batches/{id}"))!["output_file_id"]!;

        foreach (var (path, method) in ((string, HttpMethod)[])
            [($"/v1/batches/{id}", HttpMethod.Get), ($"/v1/batches/{id}/cancel", HttpMethod.Post), ($"/v1/files/{id}-output/content", HttpMethod.Get), ($"/v1/files/{id}-errors/content", HttpMethod.Get)])
        {
            Assert.Equal((404, "Batch not found"), ((await _sidecar.GetAsync(other, path, method)) is var reply ? reply.Status : 0, (string?)reply.Body["detail"]));
        }

        // Nor is a file at the provider, by whatever name.
        Assert.Equal(404, (await _sidecar.GetAsync(_agent, $"/v1/files/{file}/content")).Status);
        Assert.Equal(404, (await _sidecar.GetAsync(_agent, $"/v1/files/{file}")).Status);
    }

    [Fact]
    public async Task Sdk_UploadsMakesWaitsAndReads()
    {
        var (client, key) = (new OpenAI.OpenAIClientOptions { Endpoint = new Uri(new Uri(_sidecar.Address.ToString()), "/v1"), RetryPolicy = new ClientRetryPolicy(maxRetries: 0) }, new ApiKeyCredential("sk-none"));
        client.AddPolicy(new AgentHeader(_agent), PipelinePosition.PerCall);
        var files = new OpenAI.Files.OpenAIFileClient(key, client);
#pragma warning disable OPENAI001 // The SDK marks its client of batches experimental.
        var batches = new OpenAI.Batch.BatchClient(key, client);
        OpenAI.Files.OpenAIFile file = await files.UploadFileAsync(BinaryData.FromString(FileOf(Chat, ChatOf(), ChatOf())), "requests.jsonl", OpenAI.Files.FileUploadPurpose.Batch);
        var made = await batches.CreateBatchAsync(
            BinaryContent.Create(BinaryData.FromString($$"""{"input_file_id":"{{file.Id}}","endpoint":"/v1/chat/completions","completion_window":"24h"}""")),
            waitUntilCompleted: false);
        _sidecar.Provider.OpenAIBatches.End(made.BatchId);
        await made.UpdateStatusAsync();
        Assert.True(made.HasCompleted);
        var batch = JsonNode.Parse((await made.GetBatchAsync(null)).GetRawResponse().Content)!;
#pragma warning restore OPENAI001
        BinaryData output = await files.DownloadFileAsync((string)batch["output_file_id"]!);

        Assert.Equal(2, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.True(await _sidecar.AssertPaidAsBilledAsync(_agent) > 0);
    }

    private async Task<string> TextAsync(string path)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("Authorization", $"Bearer {SidecarFixture.OpenAIKey}");
        return await client.GetStringAsync(new Uri(_sidecar.Provider.BaseAddress, path));
    }

    private async Task<List<string>> KindsAsync() =>
        await _sidecar.Engine.ReadLedgerAsync(_agent).Select(entry => entry.Kind.ToString()).ToListAsync();

    private sealed class AgentHeader(string agent) : PipelinePolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            message.Request.Headers.Set("x-cynsta-agent-id", agent);
            ProcessNext(message, pipeline, currentIndex);
        }

        public override async ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            message.Request.Headers.Set("x-cynsta-agent-id", agent);
            await ProcessNextAsync(message, pipeline, currentIndex);
        }
    }
}
