using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenAI;
using SpendGuard.Testing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.AspNetCore.Tests;

/// <summary>A web application on loopback whose route <c>/chat</c> calls a model, at the simulated provider.</summary>
internal sealed class WebApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SimulatedProvider _provider;
    private readonly TempFolder _folder;

    private WebApp(WebApplication app, SimulatedProvider provider, TempFolder folder, RecordedLog log)
    {
        (_app, _provider, _folder, Log) = (app, provider, folder, log);
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Http { get; }

    public RecordedLog Log { get; }

    public SimulatedProvider Provider => _provider;

    public SpendGuardEngine Guard => _app.Services.GetRequiredService<SpendGuardEngine>();

    /// <param name="agent">Tells the agent of a request; the user when null.</param>
    /// <param name="configure">Sets up the engine; the store is in memory unless it chooses one.</param>
    /// <param name="map">Adds to the application.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="guard">Sets up how calls are guarded.</param>
    public static async Task<WebApp> StartAsync(
        AgentFrom? agent = null, Action<SpendGuardOptions>? configure = null, Action<WebApplication>? map = null,
        Dictionary<string, string?>? settings = null, string model = "gpt-4o-mini")
    {
        var provider = await SimulatedProvider.StartAsync();
        var folder = new TempFolder();
        var log = new RecordedLog();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = folder.Path });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.AddSpendGuard(options =>
        {
            options.LockedWait = TimeSpan.Zero;
            _ = settings is null ? options.UseInMemoryStore() : options;
            configure?.Invoke(options);
        });
        builder.Services.AddHealthChecks().AddSpendGuard();
        builder.Services.AddChatClient(new OpenAIClient(
                new ApiKeyCredential("no-key-needed"),
                new OpenAIClientOptions { Endpoint = provider.OpenAIEndpoint, RetryPolicy = new ClientRetryPolicy(maxRetries: 0) })
            .GetChatClient(model).AsIChatClient()).UseSpendGuard(agent ?? AgentFrom.User());

        var app = builder.Build();
        app.UseExceptionHandler();
        app.Use(SignIn);
        app.MapHealthChecks("/health");
        app.MapPost("/chat", async (HttpContext context) =>
        {
            var chat = context.RequestServices.GetRequiredService<IChatClient>();
            var answer = await chat.GetResponseAsync("What is a budget?", new ChatOptions { MaxOutputTokens = 100 }, context.RequestAborted);
            await context.Response.WriteAsync(answer.Text);
        });
        map?.Invoke(app);
        await app.StartAsync();
        return new WebApp(app, provider, folder, log);
    }

    /// <summary>Calls the model as a user, or as nobody.</summary>
    public Task<HttpResponseMessage> ChatAsync(string? user = "alice", string route = "/chat", params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, route);
        if (user is not null)
        {
            request.Headers.Add("x-test-user", user);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return Http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        await _provider.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Takes the caller's word for who it is, in place of an authentication.</summary>
    private static Task SignIn(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers["x-test-user"] is [{ } user])
        {
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", user), new Claim("tenant", "acme")], "test"));
        }

        return next(context);
    }
}
