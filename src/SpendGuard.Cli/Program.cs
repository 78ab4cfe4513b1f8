using System.CommandLine;

return await new RootCommand("Hard budgets for AI agents.").Parse(args).InvokeAsync();
