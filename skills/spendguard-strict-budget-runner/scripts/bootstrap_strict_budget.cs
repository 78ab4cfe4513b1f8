// Makes an agent with a hard budget, or finds the one that was made before: what 'spendguard bootstrap' does, with nothing but the .NET 10 SDK.
//   dotnet run bootstrap_strict_budget.cs -- --name my-agent --limit 5000 --topup 5000
// The agent is found by its name. A budget that it has is left as it is, so that running this again grants nothing.
#:property PublishAot=false
#:property Nullable=enable

using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

const string Usage = """
    Usage: dotnet run bootstrap_strict_budget.cs -- --name NAME --limit CENTS [options]
      --topup CENTS         cents to start with; the limit unless given
      --base-url URL        the sidecar; else CAP_BASE_URL, else http://localhost:8787
      --api-key KEY         for a sidecar that asks for a key; else CAP_API_KEY
      --skip-health-check   do not ask first whether the sidecar is healthy
      --create-run          start a run too
      --json                answer in JSON
    """;

try
{
    var options = Options.Parse(args);
    using var sidecar = new Sidecar(options.BaseUrl, options.ApiKey);
    await BootstrapAsync(sidecar, options);
    return 0;
}
catch (Failure failure)
{
    Console.Error.WriteLine(failure.ExitCode == 2 ? $"{failure.Message}\n{Usage}" : failure.Message);
    return failure.ExitCode;
}

static async Task BootstrapAsync(Sidecar sidecar, Options options)
{
    if (!options.SkipHealthCheck && await sidecar.GetAsync("health") is var health && (string?)health["status"] != "ok")
    {
        throw new Failure($"The sidecar at {sidecar.Address} is not healthy: {health.ToJsonString()}");
    }

    var agent = await FindOrCreateAsync(sidecar, options.Name);
    var path = $"v1/agents/{Uri.EscapeDataString(agent)}";
    var budget = await FindBudgetAsync(sidecar, path) ?? await GrantAsync(sidecar, path, options);
    if ((long)budget["hard_limit_cents"]! != options.Limit)
    {
        throw new Failure(
            $"Agent '{options.Name}' ({agent}) has a budget already, with a hard limit of {Print.Dollars((long)budget["hard_limit_cents"]!)} and not {Print.Dollars(options.Limit)}. "
            + $"Change it with: spendguard budget set --agent {agent} --limit {options.Limit} --topup CENTS");
    }

    var run = options.CreateRun ? await sidecar.PostAsync(path + "/runs", []) : null;
    if (options.Json)
    {
        Print.Json(new JsonObject { ["agent_id"] = agent, ["base_url"] = sidecar.Address, ["budget"] = budget, ["run"] = run });
    }
    else
    {
        Print.Lines(agent, budget, run);
    }
}

static async Task<string> FindOrCreateAsync(Sidecar sidecar, string name)
{
    var agents = (await sidecar.GetAsync("v1/agents"))["agents"]!.AsArray();
    if (agents.FirstOrDefault(agent => (string?)agent!["name"] == name) is { } known)
    {
        return (string)known["agent_id"]!;
    }

    // Under a key that comes of the name, so that two at once make one agent. After a 409 the agent of that key has been deleted or renamed.
    var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
    for (var attempt = 1; ; attempt++)
    {
        try
        {
            var made = await sidecar.PostAsync("v1/agents", new JsonObject { ["name"] = name }, $"spendguard-bootstrap-{hash}-{attempt}");
            return (string)made["agent_id"]!;
        }
        catch (HttpFailure failure) when (failure.Status == 409 && attempt < 1_000)
        {
        }
    }
}

static async Task<JsonObject?> FindBudgetAsync(Sidecar sidecar, string path)
{
    try
    {
        return await sidecar.GetAsync(path + "/budget");
    }
    catch (HttpFailure failure) when (failure.Status == 404)
    {
        return null;
    }
}

static async Task<JsonObject> GrantAsync(Sidecar sidecar, string path, Options options)
{
    try
    {
        // Room for several calls at once: one that asks for much output does not take the whole budget.
        var change = new JsonObject
        {
            ["hard_limit_cents"] = options.Limit, ["topup_cents"] = options.TopUp, ["max_in_flight"] = 16, ["max_call_share_percent"] = 25,
        };
        return await sidecar.PostAsync(path + "/budget", change, "spendguard-bootstrap");
    }
    catch (HttpFailure failure) when (failure.Status == 409)
    {
        // Another one with other figures was first; what it granted is compared with what was asked for.
        return await sidecar.GetAsync(path + "/budget");
    }
}

/// <summary>What was asked for, by arguments and environment.</summary>
sealed record Options(
    string Name, long Limit, long TopUp, Uri BaseUrl, string? ApiKey, bool SkipHealthCheck, bool CreateRun, bool Json)
{
    private static readonly string[] Values = ["--name", "--limit", "--topup", "--base-url", "--api-key"];
    private static readonly string[] Flags = ["--skip-health-check", "--create-run", "--json"];

    public static Options Parse(string[] args)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var at = 0; at < args.Length; at++)
        {
            var isValue = Values.Contains(args[at]);
            if (!isValue && !Flags.Contains(args[at]))
            {
                throw Wrong($"Unrecognized argument '{args[at]}'.");
            }

            given[args[at]] = !isValue ? "" : at + 1 < args.Length ? args[++at] : throw Wrong($"Required argument missing for option '{args[at]}'.");
        }

        var key = given.GetValueOrDefault("--api-key") ?? Variable("CAP_API_KEY");
        if (key is null && string.Equals(Variable("CAP_MODE"), "hosted", StringComparison.OrdinalIgnoreCase))
        {
            throw Wrong("CAP_MODE is hosted, where a key is needed. Give --api-key, or set CAP_API_KEY.");
        }

        return new Options(
            Required(given, "--name").Trim(),
            Cents("--limit", Required(given, "--limit"), least: 1),
            given.TryGetValue("--topup", out var topUp) ? Cents("--topup", topUp, least: 0) : 0,
            Address(given.GetValueOrDefault("--base-url") ?? Variable("CAP_BASE_URL") ?? "http://localhost:8787"),
            key,
            given.ContainsKey("--skip-health-check"),
            given.ContainsKey("--create-run"),
            given.ContainsKey("--json"));
    }

    private static string Required(Dictionary<string, string> given, string name) =>
        given.GetValueOrDefault(name) ?? throw Wrong($"Option '{name}' is required.");

    // Before an agent is made: it would be left without a budget.
    private static long Cents(string name, string text, long least) =>
        !long.TryParse(text, out var cents) ? throw Wrong($"'{text}' is no whole number of cents for option '{name}'.")
        : cents < least ? throw Wrong($"{name} is at least {least} cent{(least == 1 ? "" : "s")}.")
        : cents;

    private static Uri Address(string text) =>
        Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", Query: "" }
            ? address
            : throw Wrong($"'{text}' is no address of a sidecar. Give one such as http://localhost:8787.");

    private static Failure Wrong(string sentence) => new(sentence, exitCode: 2);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}

/// <summary>The routes that create agents and set budgets.</summary>
sealed class Sidecar : IDisposable
{
    private readonly HttpClient _http;

    public Sidecar(Uri address, string? apiKey)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Authorization = apiKey is null ? null : new AuthenticationHeaderValue("Bearer", apiKey);
    }

    public string Address => _http.BaseAddress!.AbsoluteUri.TrimEnd('/');

    public Task<JsonObject> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<JsonObject> PostAsync(string path, JsonObject body, string? idempotencyKey = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return SendAsync(request);
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonObject> SendAsync(HttpRequestMessage request)
    {
        try
        {
            using var response = await _http.SendAsync(request);
            var body = TryParse(await response.Content.ReadAsStringAsync());
            return response.IsSuccessStatusCode
                ? body ?? throw new Failure($"What answers at {Address} is no sidecar. Check --base-url.")
                : throw new HttpFailure((int)response.StatusCode, body?["detail"]?.ToString() ?? response.ReasonPhrase ?? "No reason was given.");
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            throw new Failure(
                $"No sidecar answers at {Address}: {exception.Message.TrimEnd('.')}. Start one with 'spendguard sidecar', or name another with --base-url.");
        }
    }

    private static JsonObject? TryParse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What the program answers with.</summary>
static class Print
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Lines(string agent, JsonObject budget, JsonObject? run)
    {
        Console.WriteLine($"agent_id={agent}");
        Console.WriteLine($"hard_limit_cents={budget["hard_limit_cents"]}");
        Console.WriteLine($"remaining_cents={budget["remaining_cents"]}");
        if (run is not null)
        {
            Console.WriteLine($"run_id={run["run_id"]}");
        }

        Console.WriteLine($"export_SPENDGUARD_AGENT_ID={agent}");
    }

    public static string Dollars(long cents) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"${cents / 100m:0.00}");

    public static void Json(JsonNode answer) => Console.WriteLine(Sorted(answer)!.ToJsonString(Layout));

    private static JsonNode? Sorted(JsonNode? node) => node is JsonObject fields
        ? new JsonObject(fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => KeyValuePair.Create(field.Key, Sorted(field.Value))))
        : node?.DeepClone();
}

/// <summary>Ends the program with a sentence.</summary>
class Failure(string sentence, int exitCode = 1) : Exception(sentence)
{
    public int ExitCode => exitCode;
}

/// <summary>The sidecar refused, and said why.</summary>
sealed class HttpFailure(int status, string detail) : Failure($"HTTP {status}: {detail}")
{
    public int Status => status;
}
