using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenAI;

namespace SpendGuard.AspNetCore.Tests.Documentation;

/// <summary>The code of references/aspnetcore.md, which has to compile.</summary>
internal static class Snippets
{
    public static async Task ProgramAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddSpendGuard();
        builder.Services.AddHealthChecks().AddSpendGuard();
        builder.Services.AddChatClient(new OpenAIClient(builder.Configuration["OPENAI_API_KEY"]!).GetChatClient("gpt-4o-mini").AsIChatClient())
            .UseFunctionInvocation()
            .UseSpendGuard(AgentFrom.Header("x-user"));

        var app = builder.Build();
        app.UseExceptionHandler();
        app.MapHealthChecks("/health");
        app.MapPost("/chat", async (IChatClient chat, string question) => (await chat.GetResponseAsync(question)).Text);

        // The key makes it once: at later starts the budget is as it was left.
        await app.Services.GetRequiredService<SpendGuardEngine>().SetBudgetAsync("ann", Money.FromDollars(1), idempotencyKey: "ann's first dollar");
        app.Run();
    }

    public static void Postgres(HostApplicationBuilder builder)
    {
        builder.AddSpendGuard(postgres: PostgresOptionsExtensions.UsePostgres);
    }
}
