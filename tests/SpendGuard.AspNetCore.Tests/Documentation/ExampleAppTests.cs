using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.AI;
using OpenAI;
using SpendGuard.Examples.Functions;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Testing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.AspNetCore.Tests.Documentation;

/// <summary>The applications in <c>examples</c>, as they are started.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed partial class ExampleAppTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TempFolder _folder = new();
    private readonly List<Process> _started = [];

    [Fact]
    public async Task MinimalApi_UserWhoSpendsACent_IsRefusedAndOthersAreNot()
    {
        var app = Start("MinimalApi", "--urls", "http://127.0.0.1:0");
        using var http = new HttpClient { BaseAddress = await AddressAsync(app) };

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(http, user: null)).StatusCode);
        var answer = await AskAsync(http, "alice");
        for (var calls = 0; answer.StatusCode == HttpStatusCode.OK && calls < 1_000; calls++)
        {
            answer = await AskAsync(http, "alice");
        }

        Assert.Equal(HttpStatusCode.PaymentRequired, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("urn:spendguard:insufficient-budget", problem.GetProperty("type").GetString());
        Assert.Equal("alice", problem.GetProperty("agent_id").GetString());
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(http, "bob")).StatusCode);
        Assert.Equal("Healthy", await http.GetStringAsync("/health"));
    }

    [Fact]
    public async Task Worker_WithinItsDay_WorksUntilTheBudgetIsUsedUp()
    {
        var app = Start("Worker");
        using var tooLong = new CancellationTokenSource(Patience);

        var output = await app.StandardOutput.ReadToEndAsync(tooLong.Token);
        await app.WaitForExitAsync(tooLong.Token);

        Assert.True(app.ExitCode == 0, output + await app.StandardError.ReadToEndAsync(tooLong.Token));
        Assert.Contains("Ticket 3 is done.", output, StringComparison.Ordinal);
        Assert.Contains("has to wait until", output, StringComparison.Ordinal);
        Assert.Matches(@"The provider has billed \$0\.00[1-9]", output);
    }

    [Fact]
    public async Task BlazorChat_OverHttp_IsThePageAndItsScript()
    {
        var app = Start("BlazorChat", "--urls", "http://127.0.0.1:0");
        using var http = new HttpClient { BaseAddress = await AddressAsync(app) };

        var page = await http.GetStringAsync("/");
        using var script = await http.GetAsync("/_framework/blazor.web.js");

        Assert.Contains("You have a cent.", page, StringComparison.Ordinal);
        Assert.Contains("\"type\":\"server\"", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, script.StatusCode);
    }

    [Fact]
    public async Task Functions_SumUp_AnswersUntilItsCentIsUsedUp()
    {
        await using var provider = await SimulatedProvider.StartAsync(new SimulatedProviderOptions { Behaviour = new Behaviour { OutputTokens = 150 } });
        await using var guard = new SpendGuardEngine(new InMemoryBudgetStore(), new Prices(PriceBook.LoadBundled()));
        using var chat = new OpenAIClient(new System.ClientModel.ApiKeyCredential("no-key-needed"), new OpenAIClientOptions { Endpoint = provider.OpenAIEndpoint })
            .GetChatClient("gpt-4o-mini").AsIChatClient().AsBuilder().UseSpendGuard(SumUp.Agent, guard).Build();
        var function = new SumUp(chat, guard);

        var answers = new List<IActionResult>();
        do
        {
            answers.Add(await function.RunAsync(new DefaultHttpContext { Request = { Body = new MemoryStream(Encoding.UTF8.GetBytes("A long text.")) } }.Request));
        }
        while (answers[^1] is OkObjectResult && answers.Count < 1_000);

        Assert.True(answers.Count > 3);
        Assert.Equal(402, Assert.IsType<ObjectResult>(answers[^1]).StatusCode);
        Assert.Equal(provider.Bill.TotalMicrocents, (await guard.FindBudgetAsync(SumUp.Agent))!.Spent.Microcents);
    }

    public void Dispose()
    {
        foreach (var app in _started)
        {
            app.Kill(entireProcessTree: true);
            app.WaitForExit();
            app.Dispose();
        }

        _folder.Dispose();
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient http, string? user)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/chat") { Content = JsonContent.Create(new { text = "What is a budget?" }) };
        if (user is not null)
        {
            request.Headers.Add("x-user", user);
        }

        return await http.SendAsync(request);
    }

    private static async Task<Uri> AddressAsync(Process app)
    {
        using var tooLong = new CancellationTokenSource(Patience);
        var said = new StringBuilder();
        while (await app.StandardOutput.ReadLineAsync(tooLong.Token) is { } line)
        {
            said.AppendLine(line);
            if (Listening().Match(line) is { Success: true } match)
            {
                // What it says later has to go somewhere.
                _ = app.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return new Uri(match.Groups["address"].Value);
            }
        }

        throw new InvalidOperationException($"It did not start:\n{said}\n{await app.StandardError.ReadToEndAsync(tooLong.Token)}");
    }

    private Process Start(string example, params string[] args)
    {
        // Built before these tests, with the same configuration and framework.
        var folder = Path.Combine(
            Repository.Path("examples", example, "bin"),
            Path.GetRelativePath(Repository.Path("tests", "SpendGuard.AspNetCore.Tests", "bin"), AppContext.BaseDirectory));
        var app = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(folder, example + ".dll"), .. args, "--SpendGuard:Sqlite", _folder.File()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder,
        })!;
        _started.Add(app);
        return app;
    }

    [GeneratedRegex("Now listening on: (?<address>http://[^ ]+)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Listening();
}
