// A web API whose users have a budget each: a cent, the first time that they come. Needs no key.
using System.ClientModel;
using System.Security.Claims;
using Microsoft.Extensions.AI;
using OpenAI;
using SpendGuard;
using SpendGuard.AspNetCore;
using SpendGuard.Examples.MinimalApi;
using SpendGuard.Testing.Provider;

// For the show only: a provider on loopback. An application has its own key and endpoint here.
await using var provider = await SimulatedProvider.StartAsync(new SimulatedProviderOptions { Behaviour = new Behaviour { OutputTokens = 150 } });
var openAI = new OpenAIClient(new ApiKeyCredential("no-key-needed"), new OpenAIClientOptions { Endpoint = provider.OpenAIEndpoint });

var builder = WebApplication.CreateBuilder(args);
builder.AddSpendGuard();
builder.Services.AddHealthChecks().AddSpendGuard();
builder.Services.AddChatClient(openAI.GetChatClient("gpt-4o-mini").AsIChatClient()).UseSpendGuard(AgentFrom.User());

var app = builder.Build();
app.UseExceptionHandler();
app.MapHealthChecks("/health");

// For the show only: takes the caller's word for who it is. An application has AddAuthentication here.
app.Use((context, next) =>
{
    if (context.Request.Headers["x-user"] is [{ Length: > 0 } user])
    {
        context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, user)], "show"));
    }

    return next(context);
});

app.MapPost("/chat", async (Question question, ClaimsPrincipal user, SpendGuardEngine guard, IChatClient chat, CancellationToken cancellation) =>
{
    if (user.FindFirstValue(ClaimTypes.NameIdentifier) is { } id && await guard.FindBudgetAsync(id, cancellation) is null)
    {
        // The key makes two first requests at once one first budget.
        await guard.SetBudgetAsync(id, Money.FromCents(1), idempotencyKey: "welcome", cancellationToken: cancellation);
    }

    var answer = await chat.GetResponseAsync(question.Text, cancellationToken: cancellation);
    return new Answer(answer.Text);
});

app.MapGet("/budget", async (ClaimsPrincipal user, SpendGuardEngine guard, CancellationToken cancellation) =>
    user.FindFirstValue(ClaimTypes.NameIdentifier) is { } id && await guard.FindBudgetAsync(id, cancellation) is { } budget
        ? Results.Ok(new Left(budget.Spent.ToString(), budget.Remaining.ToString()))
        : Results.NotFound());

await app.RunAsync();
