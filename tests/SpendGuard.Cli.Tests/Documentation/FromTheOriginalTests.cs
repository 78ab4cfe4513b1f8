using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SpendGuard.Sidecar.Testing;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Documentation;

/// <summary>Every row of the page for those who come from the original is so.</summary>
public sealed partial class FromTheOriginalTests
{
    private const string Page = "references/from-the-original.md";

    /// <summary>A key that its client library sends, and that is nobody's here.</summary>
    private const string StrayKey = "a-key-of-the-old-days";

    /// <summary>The routes that it had, but for their order.</summary>
    private static readonly string[] OriginalRoutes =
    [
        "GET /health", "POST /v1/agents", "GET /v1/agents", "GET /v1/agents/{id}", "PATCH /v1/agents/{id}", "DELETE /v1/agents/{id}",
        "POST /v1/agents/{id}/budget", "GET /v1/agents/{id}/budget", "POST /v1/agents/{id}/runs", "POST /v1/chat/completions", "POST /v1/responses",
        .. from call in (string[])["openai/chat/completions", "openai/responses", "grok/chat/completions", "grok/responses", "gemini/generateContent", "anthropic/messages"]
           select "POST /v1/agents/{id}/runs/{run}/" + call,
    ];

    /// <summary>The settings that its sidecar read.</summary>
    private static readonly string[] OriginalSettings =
    [
        "ANTHROPIC_API_KEY", "ANTHROPIC_VERSION", "CAP_ALLOWED_ORIGINS", "CAP_CAPTURE_PROMPT_RESPONSE", "CAP_DEFAULT_MAX_OUTPUT_TOKENS", "CAP_DEFAULT_MAX_TOKENS",
        "CAP_ENGINE_VERSION", "CAP_INGEST_API_KEY", "CAP_INGEST_URL", "CAP_MODE", "CAP_OPENAI_MAX_COMPLETION_TOKENS", "CAP_OPENAI_MAX_OUTPUT_TOKENS",
        "CAP_PRICE_TABLE_REFRESH_SECONDS", "CAP_PRICING_EXPIRY_SKEW_SECONDS", "CAP_PRICING_HTTP_TIMEOUT_SECONDS", "CAP_PRICING_SCHEMA_VERSION",
        "CAP_PRICING_SIGNING_PUBLIC_KEY", "CAP_PRICING_SOURCE", "CAP_PRICING_URL", "CAP_PRICING_VERIFY_SIGNATURE", "CAP_SERVICE_NAME", "CAP_SQLITE_PATH", "CAP_STORE",
        "CYNSTA_INGEST_API_KEY", "CYNSTA_INGEST_URL", "GEMINI_API_KEY", "GROK_API_KEY", "INGEST_API_KEY", "OPENAI_API_KEY", "SUPABASE_SERVICE_ROLE_KEY", "SUPABASE_URL",
        "XAI_API_KEY", "XAI_BASE_URL",
    ];

    private static IReadOnlyList<string[]> Routes => PageTable.Rows(Page, "| Route | A request | The answer has |");

    [Fact]
    public void Routes_AreAllOfTheOriginals() =>
        Assert.Equal(OriginalRoutes.Order(StringComparer.Ordinal), Routes.Select(row => Assert.Single(PageTable.Code(row[0]))).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Routes_TakeTheRequest_AndAnswerAsThePageSays()
    {
        await using var sidecar = await RunningSidecar.StartAsync();
        foreach (var row in Routes)
        {
            var agent = await sidecar.AgentAsync();
            await sidecar.SendAsync(HttpMethod.Patch, $"/v1/agents/{agent}", """{"name":"before"}""");
            var run = (string)(await sidecar.SendAsync(HttpMethod.Post, $"/v1/agents/{agent}/runs", "{}")).Body["run_id"]!;
            var route = PageTable.Code(row[0])[0].Split(' ');
            var path = route[1].Replace("{id}", agent, StringComparison.Ordinal).Replace("{run}", run, StringComparison.Ordinal);

            var reply = await sidecar.SendAsync(
                HttpMethod.Parse(route[0]), path, PageTable.Code(row[1]).SingleOrDefault(), ("x-api-key", StrayKey), ("x-cynsta-agent-id", agent), ("x-cynsta-run-id", run));

            Assert.True(reply.Status == 200, $"{row[0]}: {reply.Status} {reply.Text}");
            var fields = ((JsonObject)reply.Body).Select(field => field.Key).ToHashSet(StringComparer.Ordinal);
            Assert.True(fields.IsSupersetOf(PageTable.Code(row[2])), $"{row[0]} answers with {string.Join(", ", fields)}.");
        }

        Assert.Empty(sidecar.Provider.Failures);
    }

    [Fact]
    public void Methods_OfTheClientLibrary_AreOfTheseRoutes() => Assert.Subset(
        OriginalRoutes.ToHashSet(StringComparer.Ordinal),
        PageTable.Rows(Page, "| Method | Route |").Select(row => Assert.Single(PageTable.Code(row[1]))).ToHashSet(StringComparer.Ordinal));

    [Fact]
    public async Task Settings_ThatStay_AreRead_AndTheOthersAreNot()
    {
        var stay = PageTable.Rows(Page, "| Setting | |").SelectMany(row => PageTable.Code(row[0])).ToList();
        var gone = PageTable.Rows(Page, "| Read no more | In its place |");
        var asked = await AskedAsync();

        Assert.Equal(OriginalSettings.Order(StringComparer.Ordinal), stay.Concat(gone.SelectMany(row => PageTable.Code(row[0]))).Order(StringComparer.Ordinal));
        Assert.All(stay.Concat(gone.SelectMany(row => PageTable.Code(row[1]))), name => Assert.Contains(name, asked));
        Assert.All(gone.SelectMany(row => PageTable.Code(row[0])), name => Assert.DoesNotContain(name, asked));
    }

    [Fact]
    public async Task Commands_PrintWhatThePageSays()
    {
        foreach (var options in (string[])["", " --json", $" --api-key {StrayKey} --base-url "])
        {
            await using var sidecar = await RunningSidecar.StartAsync();
            var agent = await sidecar.AgentWithBudgetAsync();
            var others = options.EndsWith("--base-url ", StringComparison.Ordinal) ? options + sidecar.Address : options;
            foreach (var row in PageTable.Rows(Page, "| Command | Prints |"))
            {
                var command = Assert.Single(PageTable.Code(row[0]))["spendguard ".Length..].Replace("ID", agent, StringComparison.Ordinal) + others;

                var output = (await sidecar.Cli().RunAsync(command)).Succeeded();

                Assert.All(PageTable.Code(row[1]), key => Assert.True(
                    options == " --json" ? JsonNode.Parse(output) is JsonObject : output.Contains(key + "=", StringComparison.Ordinal), $"{command} printed:\n{output}"));
            }
        }
    }

    [Fact]
    public void Rows_AreShownByTestsThatExist()
    {
        var rows = PageTable.Rows(Page, "| The original | Here | Shown by |").Concat(PageTable.Rows(Page, "| The original | Here | What to do | Shown by |")).ToList();
        var sources = Repository.Files("*Tests.cs", "tests").ToLookup(Path.GetFileNameWithoutExtension, File.ReadAllText);

        Assert.True(rows.Count > 20);
        Assert.All(rows, row =>
        {
            var names = PageTable.Code(row[^1]);
            Assert.NotEmpty(names);
            Assert.All(names, name => Assert.True(
                name.Split('.') is [var type, var test] && sources[type].Any(source => Tests(source).Contains(test, StringComparer.Ordinal)),
                $"There is no test {name}, which is to show: {row[0]}."));
        });
    }

    [Theory]
    [InlineData(null, 16_384)]
    [InlineData("512", 512)]
    public async Task CallWithoutACap_AsksForTheMost_OrForWhatTheSettingSays(string? setting, int most)
    {
        await using var sidecar = await RunningSidecar.StartAsync(("CAP_DEFAULT_MAX_TOKENS", setting));
        var agent = await sidecar.AgentWithBudgetAsync();

        Assert.Equal(200, await sidecar.CallInRunAsync(agent, "/v1/chat/completions", """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}]}"""));

        Assert.Equal(most, Assert.Single(sidecar.Provider.Calls).MaxOutputTokens);
    }

    /// <summary>The names of the settings that a sidecar asks for before it starts.</summary>
    private static async Task<IReadOnlySet<string>> AskedAsync()
    {
        var asked = new AskedSettings();
        using var folder = new TempFolder();
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["CAP_INGEST_URL"] = "http://127.0.0.1:9" };
        await using (new SidecarUnderTest(folder, TimeProvider.System, settings, sources: builder => builder.Add(asked)))
        {
            return asked.Names;
        }
    }

    /// <summary>The names of the methods of a source that are run as tests.</summary>
    private static IEnumerable<string> Tests(string source) => Test().Matches(source).Select(match => match.Groups["name"].Value);

    [GeneratedRegex(@"\[(Fact|Theory)[^\n]*\]\s*(\[[^\n]*\]\s*)*public (async )?(Task|void) (?<name>\w+)\(", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Test();
}
