using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace SpendGuard.Cli.Runs.Sidecars;

/// <summary>
/// What stands before the sidecar of a run: who has the run's key is its agent, on the routes that programs call; nobody else is let in.
/// The key is kept nowhere, and is worth nothing once the run has ended.
/// </summary>
internal sealed class RunGate : IStartupFilter
{
    private const string Agent = "x-spendguard-agent-id";
    private const string Run = "x-spendguard-run-id";

    /// <summary>An answer of a provider's has it, a refusal has not.</summary>
    private const string Reservation = "x-spendguard-reservation";
    private const string ShouldRetry = "x-should-retry";

    private const string Bearer = "Bearer ";
    private const string KeyInQuery = "key";
    private const string NoKey = "key-of-the-run";

    private static readonly string[] KeyHeaders = ["x-api-key", "x-goog-api-key", "api-key"];
    private static readonly string[] Control = ["/v1/agents", "/v1/ledger", "/v1/admin-key", "/metrics"];
    private static readonly string[] Named = ["x-cynsta-agent-id", "x-cynsta-run-id", Agent, Run];

    private readonly byte[] _key = Encoding.ASCII.GetBytes(NewKey());
    private (AgentId Agent, RunId Run)? _opened;
    private int _refused;
    private int _locked;

    /// <summary>Told that a call has come to its end.</summary>
    public Action? Changed { get; set; }

    /// <summary>How many calls were refused for want of budget.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>How many calls were refused because others held what they needed for too long.</summary>
    public int Locked => Volatile.Read(ref _locked);

    /// <summary>A key that is as hard to guess as those that are kept.</summary>
    public static string NewKey() => "sk_spendguard_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>Lets calls in.</summary>
    /// <returns>The key that they need.</returns>
    public string Open(AgentId agent, RunId run)
    {
        _opened = (agent, run);
        return Encoding.ASCII.GetString(_key);
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(LetInAsync);
        next(app);
    };

    private async Task LetInAsync(HttpContext context, RequestDelegate next)
    {
        if (_opened is not { } opened || !IsKey(context.Request))
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "This sidecar is one run's own, and takes the key of that run only.");
            return;
        }

        if (Array.Exists(Control, path => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "The program of a run can call models, and can neither read nor change budgets.");
            return;
        }

        Hide(context.Request);
        context.Request.Headers[Agent] = opened.Agent.Value;
        context.Request.Headers[Run] = opened.Run.Value;
        try
        {
            await next(context);
        }
        finally
        {
            switch (context.Response)
            {
                case { StatusCode: StatusCodes.Status402PaymentRequired }:
                    Interlocked.Increment(ref _refused);
                    break;
                case { StatusCode: StatusCodes.Status409Conflict } answer when !answer.Headers.ContainsKey(Reservation) && answer.Headers[ShouldRetry] == "true":
                    Interlocked.Increment(ref _locked);
                    break;
            }

            Changed?.Invoke();
        }
    }

    private bool IsKey(HttpRequest request)
    {
        var bearer = request.Headers.Authorization.ToString();
        var shown = KeyHeaders.Select(name => request.Headers[name].ToString())
            .Append(request.Query[KeyInQuery].ToString())
            .Append(bearer.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? bearer[Bearer.Length..].Trim() : "");
        return shown.Any(key => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(key), _key));
    }

    /// <summary>
    /// What a caller says of itself is of no account here. The sidecar knows no key of the run's: where one was there is another text, as it
    /// tells one kind of client from another by where their keys are.
    /// </summary>
    private static void Hide(HttpRequest request)
    {
        foreach (var header in Named)
        {
            request.Headers.Remove(header);
        }

        foreach (var header in KeyHeaders.Where(request.Headers.ContainsKey))
        {
            request.Headers[header] = NoKey;
        }

        if (request.Headers.ContainsKey("Authorization"))
        {
            request.Headers.Authorization = Bearer + NoKey;
        }

        if (request.Query.ContainsKey(KeyInQuery))
        {
            request.QueryString = QueryString.Create(request.Query.Where(static part => part.Key != KeyInQuery));
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync($$$"""{"detail":"{{{sentence}}}","error":{"message":"{{{sentence}}}","type":"authentication_error"}}""");
    }
}
