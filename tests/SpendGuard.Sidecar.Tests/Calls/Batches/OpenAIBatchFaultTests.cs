using SpendGuard.Sidecar.Testing;
using SpendGuard.Testing.Provider;
using static SpendGuard.Sidecar.Tests.Calls.Batches.OpenAIBatchSteps;

namespace SpendGuard.Sidecar.Tests.Calls.Batches;

/// <summary>What a batch of a file is refused for, and what it costs when something breaks.</summary>
public sealed class OpenAIBatchFaultTests : IAsyncLifetime
{
    private SidecarFixture _sidecar = null!;
    private string _agent = "";

    public async Task InitializeAsync()
    {
        _sidecar = await SidecarFixture.StartAsync();
        _agent = await _sidecar.AgentAsync();
    }

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    public static TheoryData<string, string> Files() => new()
    {
        { "", "has no requests in it" },
        { "\n \r\n", "has no requests in it" },
        { "not JSON", "Request 1: the line is not valid JSON" },
        { "[]", "Request 1 has to have 'custom_id', and 'body'" },
        { Line("", ChatOf()), "Request 1 has to have a 'custom_id'" },
        { FileOf(Chat, ChatOf()) + "\n" + FileOf(Chat, ChatOf()), "Request 2 has to have a 'custom_id' that no other" },
        { Line("a", ChatOf()).Replace("POST", "GET", StringComparison.Ordinal), "Request 1: it has to have the 'method' POST" },
        { Line("a", ChatOf(), "/v1/responses"), "Request 1: it has to have the 'method' POST and the 'url' /v1/chat/completions" },
        { Line("a", ChatOf()).Replace("\"method\"", "\"priority\":1,\"method\"", StringComparison.Ordinal), "Request 1 has a field 'priority'" },
        { FileOf(Chat, ChatOf(), ChatOf(more: ",\"stream\":true")), "Request 2: 'stream' is not for requests of a batch" },
        { FileOf(Chat, ChatOf(more: ",\"service_tier\":\"flex\"")), "Request 1: 'service_tier' is 'flex', which is not priced in a batch" },
        { FileOf(Chat, ChatOf(more: ",\"something_new\":1")), "something_new" },
        { FileOf(Chat, ChatOf(model: "gpt-none")), "gpt-none" },
        { FileOf(Chat, ChatOf(more: ",\"user\":\"\\ud800\"")), "not valid Unicode" },
        { FileOf(Chat, """{"model":"gpt-4o","model":"gpt-4o-mini","messages":[]}"""), "not valid JSON" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task File_ThatCannotBeHeldFor_IsRefused(string content, string sentence) =>
        await AssertRefusedAsync(await _sidecar.TryBatchAsync(_agent, content), sentence);

    [Theory]
    [InlineData("""{"input_file_id":"FILE","endpoint":"/v1/completions","completion_window":"24h"}""", "'endpoint' has to be one of /v1/chat/completions, /v1/responses, /v1/embeddings")]
    [InlineData("""{"input_file_id":"FILE","completion_window":"24h"}""", "'endpoint' has to be one of")]
    [InlineData("""{"input_file_id":"FILE","endpoint":"/v1/chat/completions","completion_window":"7d"}""", "'completion_window' has to be '24h'")]
    [InlineData("""{"endpoint":"/v1/chat/completions","completion_window":"24h"}""", "'input_file_id' has to name the file")]
    [InlineData("""{"input_file_id":"../models","endpoint":"/v1/chat/completions","completion_window":"24h"}""", "'input_file_id' has to name the file")]
    [InlineData("""{"input_file_id":"file-none","endpoint":"/v1/chat/completions","completion_window":"24h"}""", "gives no file 'file-none'")]
    [InlineData("""{"input_file_id":"FILE","endpoint":"/v1/chat/completions","completion_window":"24h","priority":1}""", "A batch has a field 'priority'")]
    public async Task Batch_ThatIsNone_IsRefused(string body, string sentence)
    {
        var file = await _sidecar.UploadAsync(_agent, FileOf(Chat, ChatOf()));
        await AssertRefusedAsync(await _sidecar.AskAsync("/v1/batches", _agent, body.Replace("FILE", (string)file.Body["id"]!, StringComparison.Ordinal)), sentence);
    }

    [Fact]
    public async Task Upload_IsOfBatchesOnly()
    {
        await AssertRefusedAsync(await _sidecar.UploadAsync(_agent, "x", "assistants"), "'purpose' has to be 'batch'");
        await AssertRefusedAsync(await _sidecar.UploadAsync(_agent, "x", "batch", ("purpose", "assistants")), "'purpose' has to be 'batch'");
        await AssertRefusedAsync(await _sidecar.UploadAsync(_agent, "x", "batch", ("keep", "1")), "a field 'keep', which is not known");
        Assert.Equal(200, (await _sidecar.UploadAsync(_agent, "x", "batch", ("expires_after[anchor]", "created_at"), ("expires_after[seconds]", "3600"))).Status);
        Assert.Equal(415, (await _sidecar.AskAsync("/v1/files", _agent, "{}")).Status);
        Assert.Equal(405, (await _sidecar.GetAsync(_agent, "/v1/files")).Status);
    }

    [Fact]
    public async Task ProviderThatCannotBeReached_CostsNothing()
    {
        var file = await _sidecar.UploadAsync(_agent, FileOf(Chat, ChatOf()));
        await using var other = await SidecarFixture.StartAsync(settings: ("OPENAI_BASE_URL", "http://127.0.0.1:9"));
        var agent = await other.AgentAsync();

        var reply = await other.AskAsync("/v1/batches", agent, $$"""{"input_file_id":"{{file.Body["id"]}}","endpoint":"/v1/chat/completions","completion_window":"24h"}""");

        Assert.Equal(502, reply.Status);
        Assert.Equal(0, (await other.BudgetAsync(agent))!.Held);
    }

    [Theory]
    [InlineData("a\\\"b.jsonl")]
    [InlineData("../../etc/passwd.jsonl")]
    [InlineData("漢字.jsonl")]
    public async Task File_WithAnyName_IsTaken(string name)
    {
        var body = $"--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n\uFEFF{FileOf(Chat, ChatOf())}\r\n--b--\r\n";

        var file = await FormAsync(_agent, body);

        Assert.True(file.Status == 200, file.Text);
        var batch = await _sidecar.AskAsync("/v1/batches", _agent, $$"""{"input_file_id":"{{file.Body["id"]}}","endpoint":"/v1/chat/completions","completion_window":"24h"}""");
        Assert.True(batch.Status == 200, batch.Text);
    }

    [Theory]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jsonl\"\r\n\r\nx", "The form cannot be read")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--b--\r\n", "one 'file', with a name")]
    [InlineData("nothing", "The form cannot be read")]
    public async Task Form_ThatIsNone_IsRefused(string body, string sentence) => await AssertRefusedAsync(await FormAsync(_agent, body), sentence);

    [Fact]
    public async Task AgentWithoutABudget_HasNothingReadOrKept()
    {
        Assert.Equal(404, (await _sidecar.UploadAsync("nobody", "x")).Status);
        Assert.Empty(_sidecar.Provider.Calls);

        // That there is no such file either is found out by reading it.
        var reply = await _sidecar.AskAsync("/v1/batches", "nobody", """{"input_file_id":"file-none","endpoint":"/v1/chat/completions","completion_window":"24h"}""");
        Assert.Equal((404, "Budget not found"), (reply.Status, (string?)reply.Body["detail"]));
    }

    /// <summary>By bytes it is far more than by the model's tokenizer, which is asked only then.</summary>
    [Fact]
    public async Task Batch_ThatFitsByItsTokensOnly_IsHeldByThem()
    {
        var agent = await _sidecar.AgentAsync(cents: 1);
        var words = ChatOf(16, "gpt-4o-mini", $$""","user":"{{new string('x', 20)}}" """).Replace("Hi", string.Concat(Enumerable.Repeat("international ", 6_000)), StringComparison.Ordinal);

        var reply = await _sidecar.TryBatchAsync(agent, FileOf(Chat, words, words));
        Assert.True(reply.Status == 200, reply.Text);
        Assert.InRange((await _sidecar.BudgetAsync(agent))!.Held, 80_000, 200_000);

        _sidecar.Provider.Behaviour = new Behaviour { UseTheMost = true };
        _sidecar.Provider.OpenAIBatches.EndAll();
        await _sidecar.FileAsync(agent, (string)reply.Body["id"]!);
        await _sidecar.AssertPaidAsBilledAsync(agent);
    }

    [Fact]
    public async Task CallThatBatchesLeaveNothingFor_IsToldSo_AndNotToTryAgain()
    {
        var agent = await _sidecar.AgentAsync(cents: 2);
        await _sidecar.BatchAsync(agent, ChatOf(3_960));

        var reply = await _sidecar.AskAsync(Chat, agent, ChatOf(1_000));

        Assert.Equal((409, "Agent budget is locked by batches", "false"), (reply.Status, (string?)reply.Body["detail"], reply.Headers["x-should-retry"]));
        Assert.False(reply.Headers.ContainsKey("Retry-After"));
        Assert.Contains("of which batches hold $0.0", (string?)reply.Body["error"]!["message"], StringComparison.Ordinal);
        Assert.Contains("until their results are fetched, the first for 25 h at most", (string?)reply.Body["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batch_ThatDoesNotFit_IsRefusedWhole()
    {
        var poor = await _sidecar.AgentAsync(cents: 2);

        var reply = await _sidecar.TryBatchAsync(poor, FileOf(Chat, ChatOf(3_000), ChatOf(3_000)));

        Assert.Equal(402, reply.Status);
        Assert.Contains("the batch needs", (string?)reply.Body["error"]!["message"], StringComparison.Ordinal);
        Assert.Contains("Requests in it: 2, with an output of up to 6000 tokens in all. Top the budget up", (string?)reply.Body["error"]!["message"], StringComparison.Ordinal);
        var uncapped = await _sidecar.TryBatchAsync(poor, FileOf(Chat, ChatOf(cap: null)));
        Assert.Contains(
            "Requests in it: 1, with an output of up to 16384 tokens in all.", (string?)uncapped.Body["error"]!["message"], StringComparison.Ordinal);
        Assert.Equal(200, (await _sidecar.TryBatchAsync(poor, FileOf(Chat, ChatOf(3_000)))).Status);
    }

    [Theory]
    [InlineData(400, false)]
    [InlineData(429, false)]
    [InlineData(500, true)]
    public async Task ProviderThatRefuses_CostsNothing_AndOneThatFailsAllThatIsHeld(int status, bool isForfeited)
    {
        Only("/v1/batches", new Behaviour { FailWithStatus = status, BillFailures = isForfeited });

        var reply = await _sidecar.TryBatchAsync(_agent, FileOf(Chat, ChatOf(), ChatOf()));

        Assert.Equal(status, reply.Status);
        _sidecar.Provider.Behaviour = Behaviour.Honest;
        _sidecar.Provider.OpenAIBatches.EndAll();
        var budget = await _sidecar.EndedAsync(_agent);
        Assert.Equal((0L, 0), (budget.Held, budget.Batches));
        Assert.Equal(isForfeited, budget.Spent > 0);
        Assert.InRange(_sidecar.Provider.Bill.TotalMicrocents, 0, budget.Spent);
    }

    [Fact]
    public async Task AnswerThatIsLost_ForfeitsWhatIsHeld()
    {
        Only("/v1/batches", new Behaviour { CutBeforeHeaders = true });

        Assert.Equal(502, (await _sidecar.TryBatchAsync(_agent, FileOf(Chat, ChatOf()))).Status);

        _sidecar.Provider.ForRequest = null;
        _sidecar.Provider.OpenAIBatches.EndAll();
        Assert.InRange(_sidecar.Provider.Bill.TotalMicrocents, 1, (await _sidecar.EndedAsync(_agent)).Spent);
    }

    /// <summary>The copy of its requests is the last thing before a batch: without it there is none, whatever was kept.</summary>
    [Theory]
    [InlineData(500)]
    [InlineData(400)]
    [InlineData(null)]
    public async Task CopyThatIsNotKept_CostsNothing(int? status)
    {
        var file = await _sidecar.UploadAsync(_agent, FileOf(Chat, ChatOf()));
        Only("/v1/files", status is { } failure ? new Behaviour { FailWithStatus = failure, BillFailures = true } : new Behaviour { CutBeforeHeaders = true });

        var reply = await _sidecar.AskAsync("/v1/batches", _agent, $$"""{"input_file_id":"{{file.Body["id"]}}","endpoint":"/v1/chat/completions","completion_window":"24h"}""");

        Assert.Equal(status ?? 502, reply.Status);
        Assert.NotNull(reply.Body["error"]);
        Assert.Empty(_sidecar.Provider.OpenAIBatches.Ids);
        var budget = await _sidecar.EndedAsync(_agent);
        Assert.Equal((0L, 0L), (budget.Held, budget.Spent));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300)]
    public async Task ResultsThatBreakOff_SettleNothing_AndALaterFetchDoes(int bytes)
    {
        var id = await _sidecar.BatchAsync(_agent, ChatOf(), ChatOf());
        _sidecar.Provider.OpenAIBatches.End(id);
        _sidecar.Provider.OpenAIBatches.CutResultsAfter = bytes;

        await Assert.ThrowsAnyAsync<Exception>(() => _sidecar.FileAsync(_agent, id));
        Assert.Equal(1, (await _sidecar.BudgetAsync(_agent))!.Batches);

        _sidecar.Provider.OpenAIBatches.CutResultsAfter = null;
        Assert.Equal(2, (await _sidecar.FileAsync(_agent, id)).Count());
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    private async Task<Reply> FormAsync(string agent, string body)
    {
        using var content = new StringContent(body);
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/files", UriKind.Relative)) { Content = content };
        request.Headers.Add("x-cynsta-agent-id", agent);
        using var response = await _sidecar.Client.SendAsync(request);
        return await Reply.ReadAsync(response);
    }

    private void Only(string path, Behaviour behaviour) =>
        _sidecar.Provider.ForRequest = request => request.Path == path ? behaviour : Behaviour.Honest;

    private async Task AssertRefusedAsync(Reply reply, string sentence)
    {
        Assert.True(reply.Status == 400, reply.Text);
        Assert.Contains(sentence, (string?)reply.Body["error"]!["message"], StringComparison.Ordinal);
        Assert.Empty(_sidecar.Provider.OpenAIBatches.Ids);
        var budget = (await _sidecar.BudgetAsync(_agent))!;
        Assert.Equal((0L, 0L), (budget.Held, budget.Spent));
    }
}
